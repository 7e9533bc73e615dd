"""What the row of a hook costs a shopper's request, as a multiple of `SELECT 1`.

    DATABASE_URL=postgresql://… SECRET_KEY=x .venv/bin/python bench/hook_row.py [--rounds 3000]

Both statements go through the same Django connection in autocommit, one after the other, so that
whatever the machine does meanwhile happens to both. It works in a schema of its own and drops it.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cavaco_plugin.hosts.app.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from cavaco_plugin.events.models import StoreEvent  # noqa: E402
from cavaco_plugin.events.operations import record  # noqa: E402

SCHEMA = "cavaco_bench"
LOCK_TIMEOUT_MS = 50


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3000)
    rounds = parser.parse_args().rounds
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}; SET search_path TO {SCHEMA}"
        )
    try:
        with connection.schema_editor() as editor:
            editor.create_model(StoreEvent)
        report(measure(rounds))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def measure(rounds: int) -> dict[str, list[float]]:
    """Seconds of each call, by what was called; the three take turns."""
    start = timezone.now()
    calls: dict[str, Callable[[datetime], object]] = {
        "SELECT 1": lambda at: select_one(),
        "hook row": lambda at: write(at, LOCK_TIMEOUT_MS),
        "plain row": lambda at: write(at, None),
    }
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(rounds + 200):
        at = start + timedelta(seconds=turn)
        for name, call in calls.items():
            begun = time.perf_counter()
            call(at)
            if turn >= 200:
                seconds[name].append(time.perf_counter() - begun)
    return seconds


def select_one() -> None:
    """The cheapest thing a database can be asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def write(at: datetime, lock_timeout_ms: int | None) -> None:
    """One event of one checkout."""
    record(
        source="saleor",
        kind="checkout",
        subject_id=str(uuid4()),
        updated_at=at,
        now=at,
        lock_timeout_ms=lock_timeout_ms,
    )


def report(seconds: dict[str, list[float]]) -> None:
    """Medians, as ratios: a lone absolute time says little."""
    base = statistics.median(seconds["SELECT 1"])
    print(f"{'':<12}{'median µs':>10}{'× SELECT 1':>12}")
    for name, values in seconds.items():
        median = statistics.median(values)
        print(f"{name:<12}{median * 1e6:>10.0f}{median / base:>12.2f}")


if __name__ == "__main__":
    main()
