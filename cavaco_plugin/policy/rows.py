"""Read many rows fast: PostgreSQL's binary form, decoded in C, where times alone are most of the cost otherwise."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import Cursor
from psycopg.pq import Format


def fetch(statement: str, arguments: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement, on Django's connection and in its transaction.

    Select a jsonb column as text: it comes decoded otherwise, and slowly.
    """
    connection.ensure_connection()
    raw: Any = Cursor(connection.connection)
    raw.format = Format.BINARY
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(raw) as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall()


def numbers(values: Iterable[int | None]) -> str:
    """Whole numbers as PostgreSQL writes a bigint[]; adapting a list number by number costs five times as much."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
