"""Locks on names: on what has no row yet, or has more than one."""

import hashlib
from collections.abc import Iterable

from django.db import connection

# PostgreSQL evaluates the rows of a subselect that orders them in that order.
LOCK = "SELECT pg_advisory_xact_lock(name) FROM (SELECT unnest(%s::bigint[]) AS name ORDER BY 1) AS names"


def lock_names(names: Iterable[str]) -> None:
    """Hold these names until the transaction ends; everybody takes them in the same order."""
    numbers = sorted({_number(name) for name in names})
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [numbers])


def _number(name: str) -> int:
    digest = hashlib.sha256(f"cavaco:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
