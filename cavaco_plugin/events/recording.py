"""The one statement that records an event, and how long it may wait."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

INSERT = (
    "INSERT INTO cavaco_store_event (source, key, kind, subject_id, occurred_at, received_at, payload, is_backfill,"
    " attempts, error, email, checkout_token)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, '', %s, %s) ON CONFLICT (source, key) DO NOTHING"
)
# Never behind a lock for longer, and never behind the disk: what a crash of the database loses of
# the last moment, the reconciler finds.
HURRY = "SET LOCAL lock_timeout = {milliseconds}; SET LOCAL synchronous_commit = off; "


def insert(values: Sequence[Any]) -> bool:
    """Write the row; False if its key is there already."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        return cursor.rowcount == 1


def insert_hurriedly(values: Sequence[Any], *, lock_timeout_ms: int) -> bool:
    """The same in one round trip that gives up rather than wait.

    Raises:
        django.db.OperationalError: the table was locked for `lock_timeout_ms`.
    """
    statement = HURRY.format(milliseconds=int(lock_timeout_ms)) + INSERT
    if connection.in_atomic_block:
        return _insert_inside(values, lock_timeout_ms=lock_timeout_ms)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while cursor.nextset():
            pass
        return cursor.rowcount == 1


def _insert_inside(values: Sequence[Any], *, lock_timeout_ms: int) -> bool:
    """Inside somebody's transaction: a savepoint keeps it whole, and its own time-out comes back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(lock_timeout_ms)}ms"])
        cursor.execute(INSERT, values)
        is_new = cursor.rowcount == 1
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
        return bool(is_new)
