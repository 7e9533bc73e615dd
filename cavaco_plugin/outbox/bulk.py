"""Many new rows in one statement, at what it costs PostgreSQL to store them and no more."""

from collections.abc import Iterable, Sequence

from django.db import connection


def copy_rows(statement: str, rows: Iterable[Sequence[object]]) -> None:
    """COPY these rows in; without a row nothing is asked of the database."""
    written = list(rows)
    if not written:
        return
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in written:
            copy.write_row(row)
