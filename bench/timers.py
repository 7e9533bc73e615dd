"""How many people a second the flows' clock moves on, side by side with Celery ETA tasks.

    DATABASE_URL=postgresql://… CAVACO_BROKER_URL=redis://… SECRET_KEY=x .venv/bin/python bench/timers.py

Two workers each. A move of ours is a due timer of a person who waits: claimed, decided by the engine,
and written (the run, its path, the next timer). Celery's ETA tasks are measured twice: doing nothing
but count themselves and send the next, and doing the move one would write on a free afternoon (the
person's row, a line of what was done, the next task; no decision). The last rounds of ours run while
another connection holds a transaction open. It works in a database of its own and drops it.

Rates mean something on a machine that does nothing else. CPU is told beside them for those that do:
of the workers, of PostgreSQL and of the broker together, from the first move to the last.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import django
import redis

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cavaco_plugin.hosts.app.settings")
django.setup()

from celery import Celery, Task  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from cavaco_plugin.flows import operations, timers  # noqa: E402
from cavaco_plugin.flows.models import Flow  # noqa: E402

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORKERS = 2
QUEUE = "cavaco-bench-timers"
LATER = "cavaco-bench-later"
STEPS = [
    {"id": "one", "type": "delay", "for": "PT1H", "next": "two"},
    {"id": "two", "type": "delay", "for": "PT1H", "next": "one"},
]
FILL = """
INSERT INTO cavaco_profile (id, public_id, first_name, last_name, language, country, time_zone, time_zone_source,
                            traits, orders_count, orders_total, created_at, updated_at)
SELECT n, 'person' || n, '', '', 'en', 'GB', 'Europe/London', '', '{}', 0, '{}', %(start)s, %(start)s
FROM generate_series(1, %(people)s) n;
INSERT INTO cavaco_enrolment (id, flow_id, version_id, profile_id, entry_key, live_key, state, reason, step_id,
                              revision, visits, subject, context, sales_channel, entered_at, due_at)
SELECT n, %(flow)s, %(version)s, n, 'entry:' || n, 'consent:' || n, 'live', '', 'one', 1, '{"one": 1}', '{}', '{}',
       '', %(start)s, %(start)s::timestamptz + n * interval '1 millisecond'
FROM generate_series(1, %(people)s) n;
INSERT INTO cavaco_timer (kind, flow_id, subject_id, revision, due_at)
SELECT 'enrolment', %(flow)s, n, 1, %(start)s::timestamptz + n * interval '1 millisecond'
FROM generate_series(1, %(people)s) n;
ANALYZE;
"""

DONE = "cavaco-bench-done"

celery = Celery("bench-timers", broker=settings.CELERY_BROKER_URL)
celery.conf.update(
    task_default_queue=QUEUE,
    task_ignore_result=True,
    task_acks_late=True,
    broker_connection_retry_on_startup=True,
)
broker = redis.Redis.from_url(settings.CELERY_BROKER_URL.replace("redis+socket", "unix"))


@celery.task(name="bench.nothing")
def nothing(*, person: int, revision: int) -> None:
    """The least an ETA task of a drip can do: be taken, and send the next."""
    again(nothing, person, revision)


@celery.task(name="bench.move")
def move(*, person: int, revision: int) -> None:
    """Move the row if it is still meant, write it down, send the next."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bare_person SET revision = revision + 1, step = %s WHERE id = %s AND revision = %s",
            ["two", person, revision],
        )
        cursor.execute(
            "INSERT INTO bare_path (person_id, step, at) VALUES (%s, %s, clock_timestamp())",
            [person, "two"],
        )
    again(move, person, revision)


def again(task: Task, person: int, revision: int) -> None:
    """Count, and send the next task, which nobody waits for here."""
    broker.rpush(DONE, time.time())
    told = {"person": person, "revision": revision + 1}
    task.apply_async(kwargs=told, eta=timezone.now() + timedelta(days=1), queue=LATER)


class Round(NamedTuple):
    """What one round came to."""

    moves_per_second: float
    cpu_us_per_move: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=3_000)
    parser.add_argument("--worker", nargs=2, metavar=("DATABASE", "ROUND"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        return work(given.worker[0], int(given.worker[1]))
    with scratch_database() as name:
        fill(given.people)
        ours = [one_round(name, number, given.people) for number in range(given.rounds)]
        theirs = {task: [eta_tasks(name, task, given.tasks)] for task in (nothing, move)}
        with long_transaction():
            held = [
                one_round(name, given.rounds + number, given.people)
                for number in range(given.rounds * 2)
            ]
        for task, rates in theirs.items():
            rates.append(eta_tasks(name, task, given.tasks))
    report(
        {
            "Celery ETA tasks, doing nothing": theirs[nothing],
            "Celery ETA tasks, moving a row": theirs[move],
            "timers": ours,
            "timers, a long transaction open": held,
        }
    )
    return None


def work(database: str, number: int) -> None:
    """One worker of ours: fires what is due until nothing is, as the task does, on a clock that ticks."""
    connect_to(database)
    base = START + number * HOUR + HOUR / 2
    print("ready", flush=True)
    sys.stdin.readline()
    begun, cpu = time.monotonic(), time.process_time()
    while timers.fire_due(now=base + timedelta(seconds=time.monotonic() - begun), limit=1000):
        pass
    print(time.process_time() - cpu, flush=True)


def one_round(database: str, number: int, people: int) -> Round:
    """Everybody moves once; the workers' start is not counted."""
    command = [sys.executable, __file__, "--worker", database, str(number)]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    server, begun = server_cpu(), time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        spent = list(pool.map(lambda worker: float(worker.communicate("go\n")[0]), workers))
    seconds, server = time.perf_counter() - begun, server_cpu() - server
    moved = people_on(number + 2)
    assert moved == people, f"{moved} of {people} moved"
    return Round(people / seconds, (sum(spent) + server) / people * 1e6)


def people_on(revision: int) -> int:
    """How many people have come exactly so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cavaco_enrolment WHERE revision = %s", [revision])
        return int(cursor.fetchone()[0])


def eta_tasks(database: str, task: Task, tasks: int) -> Round:
    """Tasks through the broker, from the first done to the last; all are due at once and held."""
    broker.delete(DONE, QUEUE, LATER, "unacked", "unacked_index")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bare_path; UPDATE bare_person SET revision = 1")
    # Long enough for the workers to start and to hold every task.
    eta = timezone.now() + timedelta(seconds=15 + tasks / 200)
    for person in range(1, tasks + 1):
        task.apply_async(kwargs={"person": person, "revision": 1}, eta=eta)
    command = [sys.executable, "-m", "celery", "-A", "bench.timers", "--quiet", "worker"]
    options = [
        "-c",
        str(WORKERS),
        "-Q",
        QUEUE,
        "-l",
        "ERROR",
        "--without-gossip",
        "--without-mingle",
    ]
    worker = subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env={**os.environ, "BENCH_DATABASE": database},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(1, worker)
        cpu = server_cpu() + broker_cpu() + tree_cpu(worker.pid)
        wait_for(tasks, worker)
        cpu = server_cpu() + broker_cpu() + tree_cpu(worker.pid) - cpu
    finally:
        worker.terminate()
        worker.wait()
    first, last = float(broker.lindex(DONE, 0)), float(broker.lindex(DONE, tasks - 1))
    broker.delete(DONE, QUEUE, LATER, "unacked", "unacked_index")
    return Round(tasks / (last - first), cpu / tasks * 1e6)


def wait_for(done: int, worker: "subprocess.Popen[bytes]") -> None:
    while broker.llen(DONE) < done:
        assert worker.poll() is None, "the Celery worker ended"
        time.sleep(0.2)


def server_cpu() -> float:
    """Seconds that PostgreSQL has spent, with the backends that ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = int(cursor.fetchone()[0])
    return tree_cpu(int(stat(pid)[1]))


def broker_cpu() -> float:
    told = broker.info("cpu")
    return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])


def tree_cpu(pid: int) -> float:
    """Seconds that a process, its children and those it has buried have spent."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = sum(map(int, stat(pid)[11:15]))
    each = (sum(map(int, stat(int(child))[11:15])) for child in children)
    return (own + sum(each)) / os.sysconf("SC_CLK_TCK")


def stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat behind the name."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def fill(people: int) -> None:
    """Everybody waits at the same step, due one after the other."""
    definition = {
        "schema": 1,
        "name": "Bench",
        "topic": "newsletter",
        "trigger": {"type": "consent_granted"},
        "start": "one",
        "steps": STEPS,
    }
    version = operations.publish(key="bench", definition=definition, now=START)
    operations.activate(key="bench", now=START)
    told = {"start": START, "people": people, "version": version.pk}
    with connection.cursor() as cursor:
        cursor.execute(FILL, {**told, "flow": Flow.objects.get().pk})
        cursor.execute(
            "CREATE TABLE bare_person (id bigint PRIMARY KEY, revision int, step text);"
            "CREATE TABLE bare_path (id bigserial PRIMARY KEY, person_id bigint, step text, at timestamptz);"
            "INSERT INTO bare_person SELECT n, 1, 'one' FROM generate_series(1, %s) n",
            [people],
        )


@contextmanager
def scratch_database() -> Iterator[str]:
    """A fresh database beside the one that DATABASE_URL names, gone afterwards."""
    former = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_timers_{former}"
    try:
        yield connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


@contextmanager
def long_transaction() -> Iterator[None]:
    """Another connection that looked at something and went for lunch."""
    other = connection.copy(alias="lunch")
    with other.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM cavaco_timer")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
            other.close()


def connect_to(database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = database


def report(rows: dict[str, list[Round]]) -> None:
    """Medians, as ratios to the first row: a lone absolute time says little."""
    base = next(iter(rows.values()))
    rate = statistics.median(one.moves_per_second for one in base)
    cpu = statistics.median(one.cpu_us_per_move for one in base)
    print(f"{'':<34}{'moves/s':>9}{'×':>7}{'CPU µs':>9}{'÷':>7}   moves/s of each round")
    for name, rounds in rows.items():
        own_rate = statistics.median(one.moves_per_second for one in rounds)
        own_cpu = statistics.median(one.cpu_us_per_move for one in rounds)
        each = " ".join(f"{one.moves_per_second:,.0f}" for one in rounds)
        numbers = f"{own_rate:>9,.0f}{own_rate / rate:>7.1f}{own_cpu:>9,.0f}{cpu / own_cpu:>7.1f}"
        print(f"{name:<34}{numbers}   {each}")


if os.environ.get("BENCH_DATABASE"):
    connect_to(os.environ["BENCH_DATABASE"])
if __name__ == "__main__":
    main()
