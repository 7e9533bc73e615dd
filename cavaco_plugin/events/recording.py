"""The one statement that records an event, and how long it may wait."""

from functools import cache
from typing import Any, NamedTuple

from django.db import connection, transaction

INSERT = """
INSERT INTO cavaco_store_event (source, key, kind, subject_id, occurred_at, received_at, is_backfill, attempts, error,
    payload, email, checkout_token)
VALUES (%s, %s, %s, %s, %s, %s, {rest}) ON CONFLICT (source, key) DO NOTHING
"""
# Each value handed over costs a shopper some microseconds, so a poke brings only what differs.
POKE = INSERT.format(rest="false, 0, '', NULL, '', ''")
WHOLE = INSERT.format(rest="%s, 0, '', %s, %s, %s")
# Never behind a lock for longer, and never behind the disk: what a crash of the database loses of
# the last moment, the reconciler finds.
HURRY = "SET LOCAL lock_timeout = {milliseconds}; SET LOCAL synchronous_commit = off; "


class Row(NamedTuple):
    """The values of an event; `rest` is (is_backfill, payload, email, checkout_token), if there is any."""

    poke: tuple[str, str, str, str, str, str]
    rest: tuple[bool, str | None, str, str] | None

    @property
    def statement(self) -> str:
        return POKE if self.rest is None else WHOLE

    @property
    def values(self) -> tuple[Any, ...]:
        return self.poke if self.rest is None else self.poke + self.rest


def insert(row: Row) -> bool:
    """Write the row; False if its key is there already."""
    with connection.cursor() as cursor:
        cursor.execute(row.statement, row.values)
        return cursor.rowcount == 1


def insert_hurriedly(row: Row, *, lock_timeout_ms: int) -> bool:
    """The same in one round trip that gives up rather than wait.

    Raises:
        django.db.OperationalError: the table was locked for `lock_timeout_ms`.
    """
    if connection.in_atomic_block:
        return _insert_inside(row, lock_timeout_ms=lock_timeout_ms)
    with connection.cursor() as cursor:
        cursor.execute(_hurried(row.statement, int(lock_timeout_ms)), row.values)
        while cursor.nextset():
            pass
        return cursor.rowcount == 1


@cache
def _hurried(statement: str, milliseconds: int) -> str:
    return HURRY.format(milliseconds=milliseconds) + statement


def _insert_inside(row: Row, *, lock_timeout_ms: int) -> bool:
    """Inside somebody's transaction: a savepoint keeps it whole, and its own time-out comes back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{int(lock_timeout_ms)}ms"])
        cursor.execute(row.statement, row.values)
        is_new = cursor.rowcount == 1
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
        return bool(is_new)
