"""Cap decisions by the batch: how many a second, and whether one too many ever got through.

    DATABASE_URL=postgresql://… SECRET_KEY=x .venv/bin/python bench/caps.py [--workers 8] [--people 20000]

Eight processes race for the same people: each takes a thousand at random, locks those nobody else
holds, reads their rings, asks the rule about each (3 in 7 days over all channels, rolling) and takes
the places, in one transaction, as a claim does. Time is made to run, a fortnight in all, so that windows
open and close. Every worker writes down what it let through; afterwards that ledger is checked against
a count by hand: not one window of one person may hold more than its cap.
"""

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cavaco_plugin.hosts.app.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from bench.people_with_carts import NOON, database_seconds, scratch_database  # noqa: E402
from cavaco_plugin.policy import ring  # noqa: E402
from cavaco_plugin.policy.definition import DEFAULT_POLICY  # noqa: E402
from cavaco_plugin.policy.facts import MessageFacts  # noqa: E402
from cavaco_plugin.policy.operations import reserve  # noqa: E402
from cavaco_plugin.policy.queries import RINGS  # noqa: E402
from cavaco_plugin.policy.rows import fetch, numbers  # noqa: E402
from cavaco_plugin.policy.rules.caps import judge  # noqa: E402
from cavaco_plugin.profiles.models import Profile  # noqa: E402

BATCH = 1000
WEEK = timedelta(days=7)
# A second of ours is this much of theirs.
SPEED = 2 * WEEK
LOCK = """
SELECT id FROM cavaco_profile WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""

Sent = tuple[int, float, str]
Worked = tuple[int, list[Sent], float]


def main() -> None:
    """Measure, check and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    with scratch_database() as name:
        Profile.objects.bulk_create(
            Profile(id=n, created_at=NOON, updated_at=NOON) for n in range(1, given.people + 1)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        connection.close()
        worked = race(name, given)
        held = {row[0]: row[1] for row in fetch(RINGS, [numbers(range(1, given.people + 1))])}
    report(worked, held, given)


def race(database: str, given: argparse.Namespace) -> list[Worked]:
    """All workers at once; of each how many decisions, what it let through and the CPU it took."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(given.workers)
    with context.Manager() as manager:
        results = manager.list()
        workers = [
            context.Process(
                target=work, args=(database, number, start, given.people, given.seconds, results)
            )
            for number in range(given.workers)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(results) == given.workers, "a worker died"
        return list(results)


def work(
    database: str, number: int, start: object, population: int, seconds: float, results: list
) -> None:
    """Decide about a thousand people after the other until the time is up."""
    connection.settings_dict["NAME"] = database
    chance = random.Random(number)
    connection.ensure_connection()
    start.wait()
    began = time.monotonic()
    decided, ledger = 0, []
    used = time.process_time() + database_seconds()
    while (passed := time.monotonic() - began) < seconds:
        at = NOON + SPEED * (passed / seconds)
        channel = "sms" if chance.random() < 0.3 else "email"
        step = chance.choice((1, 2, 3, 5, 7))
        first = chance.randint(1, population - step * BATCH)
        decided += decide_batch(range(first, first + step * BATCH, step), channel, at, ledger)
    used = time.process_time() + database_seconds() - used
    connection.close()
    results.append((decided, ledger, used))


def decide_batch(chosen: range, channel: str, at: datetime, ledger: list[Sent]) -> int:
    """One transaction: lock, read, judge, take the places."""
    with transaction.atomic():
        locked = [row[0] for row in fetch(LOCK, [numbers(chosen)])]
        rings = dict(fetch(RINGS, [numbers(locked)]))
        places = []
        for person in locked:
            sends = tuple(rings.get(person, ()))
            facts = MessageFacts(
                0, person, "claim", channel, "marketing", "news", "a@example.com", sends=sends
            )
            if judge(facts, DEFAULT_POLICY, at) is None:
                places.append(
                    (person, ring.free_entry(taken=sends, at=at, channel=channel, topic="news"))
                )
        reserve(places=places, now=at)
    ledger += [(person, ring.moment_of(entry).timestamp(), channel) for person, entry in places]
    return len(locked)


def violations(ledger: list[Sent]) -> int:
    """Windows with more than their cap, counted from the ledger send by send."""
    by_person: dict[int, list[float]] = defaultdict(list)
    for person, at, _ in ledger:
        by_person[person].append(at)
    return sum(_too_many(sorted(sends), 3, WEEK.total_seconds()) for sends in by_person.values())


def _too_many(moments: list[float], messages: int, window: float) -> int:
    # A window that begins just after a send holds it no more, so `messages` sends later at least a window has passed.
    # Moments are whole milliseconds, which a float only nearly holds.
    return sum(
        later - earlier < window - 1e-4
        for earlier, later in zip(moments, moments[messages:], strict=False)
    )


def report(worked: list[Worked], held: dict[int, list[int]], given: argparse.Namespace) -> None:
    """Rate and exactness; an error where a cap was broken or a send lost."""
    decided = sum(count for count, _, _ in worked)
    ledger = [sent for _, sends, _ in worked for sent in sends]
    cpu = sum(used for _, _, used in worked) / decided
    by_ring = sum(len(sends) for sends in held.values())
    wrong = violations(ledger)
    print(
        f"{given.workers} workers, {given.people:,} people: {decided / given.seconds:,.0f} cap decisions a second"
    )
    print(
        f"{cpu * 1e6:.1f} µs of CPU each with the database's: two cores to themselves make {2 / cpu:,.0f} a second"
    )
    print(f"{len(ledger):,} let through, {by_ring:,} in the rings, {wrong} windows over their cap")
    if wrong or by_ring != len(ledger):
        sys.exit("a cap was broken, or a send is not in its ring")


if __name__ == "__main__":
    main()
