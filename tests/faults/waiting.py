"""Waiting for something that another thread or process does to the database."""

import time
from collections.abc import Callable

from django.db import connection

from tests.promises.accounts import states


def wait_until(happens: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"it never happened; the messages are {states()}"
        time.sleep(0.02)


def somebody_waits_for_a_lock() -> bool:
    return _sessions("wait_event_type = 'Lock'") > 0


def others_in_a_transaction() -> bool:
    return _sessions("state <> 'idle'") > 0


def _sessions(which: str) -> int:
    with connection.cursor() as cursor:
        # Within a transaction PostgreSQL would go on showing what it showed first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            f" AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND {which}"
        )
        return cursor.fetchone()[0]
