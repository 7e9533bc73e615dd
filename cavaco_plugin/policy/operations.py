"""Versions of the policy, and the places under the caps: taken and given back by the batch."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cavaco_plugin.policy import ring
from cavaco_plugin.policy.definition import LONGEST_WINDOW, read_policy
from cavaco_plugin.policy.models import PolicyVersion
from cavaco_plugin.policy.queries import policy_in_force
from cavaco_plugin.policy.rows import numbers

# Rows are locked in the order of people, as everywhere; what has left the longest window is left out.
RESERVE = """
INSERT INTO cavaco_cap_ring AS ring (profile_id, sends)
SELECT person, array_agg(entry ORDER BY entry)
FROM unnest(%s::bigint[], %s::bigint[]) AS taken(person, entry) GROUP BY person ORDER BY person
ON CONFLICT (profile_id) DO UPDATE SET sends = ARRAY(
    SELECT entry FROM unnest(ring.sends || excluded.sends) AS kept(entry) WHERE entry >= %s ORDER BY entry
)
"""
RELEASE = """
WITH given AS (
    SELECT person, array_agg(entry) AS entries
    FROM unnest(%s::bigint[], %s::bigint[]) AS given(person, entry) GROUP BY person
), locked AS (
    SELECT profile_id FROM cavaco_cap_ring WHERE profile_id = ANY(%s::bigint[]) ORDER BY profile_id FOR UPDATE
)
UPDATE cavaco_cap_ring AS ring
SET sends = ARRAY(SELECT entry FROM unnest(ring.sends) AS kept(entry) WHERE entry <> ALL(given.entries) ORDER BY entry)
FROM given JOIN locked ON locked.profile_id = given.person
WHERE ring.profile_id = given.person
"""
MERGE = """
INSERT INTO cavaco_cap_ring AS ring (profile_id, sends)
SELECT %(winner)s, sends FROM cavaco_cap_ring WHERE profile_id = %(loser)s
ON CONFLICT (profile_id) DO UPDATE SET sends = ARRAY(
    SELECT entry FROM unnest(ring.sends || excluded.sends) AS kept(entry) ORDER BY entry
)
"""

# (profile id, entry of its ring)
Place = tuple[int, int]


@transaction.atomic
def publish(*, definition: Mapping[str, Any], now: datetime, created_by: str = "") -> PolicyVersion:
    """Put a policy in force, as the next version.

    Raises:
        InvalidPolicy: with one sentence per wrong field.
    """
    policy = read_policy(definition)
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE cavaco_policy_version IN SHARE ROW EXCLUSIVE MODE")
    return PolicyVersion.objects.create(
        number=policy_in_force().number + 1,
        definition=policy.model_dump(mode="json"),
        created_at=now,
        created_by=created_by,
    )


def reserve(*, places: Iterable[Place], now: datetime) -> None:
    """Take these places, in one statement. The people must be locked, and the gate must have said yes."""
    columns = _columns(places)
    if columns:
        _run(RESERVE, [*columns, ring.first_after(now - LONGEST_WINDOW)])


def release(*, places: Iterable[Place]) -> None:
    """Give these places back, in one statement. One that is not taken is passed over."""
    columns = _columns(places)
    if columns:
        _run(RELEASE, [*columns, columns[0]])


def merge_rings(*, winner_id: int, loser_id: int) -> None:
    """Count what both were sent as sent to one; both must be locked. The loser keeps its own, for an undoing."""
    _run(MERGE, {"winner": winner_id, "loser": loser_id})


def _columns(places: Iterable[Place]) -> tuple[str, str] | None:
    taken = list(places)
    if not taken:
        return None
    return numbers(person for person, _ in taken), numbers(entry for _, entry in taken)


def _run(statement: str, arguments: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
