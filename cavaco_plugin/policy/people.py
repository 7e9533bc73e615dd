"""The people behind a batch of messages: what of their row a decision or a message needs."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from cavaco_plugin.policy.rows import fetch, numbers

READ = """
SELECT id, public_id, merged_into_id, first_name, language, country, time_zone, personal_cap::text,
    paused_until, erased_at
FROM cavaco_profile WHERE id = ANY(%s::bigint[])
"""
# Not FOR UPDATE: a new message refers to its person, and need not wait for a decision about another.
LOCK = READ + " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"


class Person(NamedTuple):
    """One profile."""

    id: int
    public_id: str
    merged_into_id: int | None
    first_name: str
    language: str
    country: str
    time_zone: str
    personal_cap: tuple[int, int] | None
    paused_until: datetime | None
    erased_at: datetime | None


def read(profile_ids: Collection[int]) -> dict[int, Person]:
    """These people as they are, by id, in one statement."""
    return _fetch(READ, profile_ids)


def read_standing(profile_ids: Collection[int]) -> dict[int, Person]:
    """The same, but for who was merged away the profile that took them over, under both ids."""
    found = read(profile_ids)
    while moved := {
        id: person for id, person in found.items() if person.merged_into_id is not None
    }:
        winners = read(
            [person.merged_into_id for person in moved.values() if person.merged_into_id]
        )
        found |= {
            id: winners[person.merged_into_id]
            for id, person in moved.items()
            if person.merged_into_id
        }
    return found


def lock_free(profile_ids: Collection[int]) -> dict[int, Person]:
    """Lock those whom nobody else is changing now; the others are missing. One statement.

    It never waits, so it may be called with messages locked, against the usual order of locks.
    What else decides about these people must be read by later statements: this one may have begun
    before the last change of them committed.
    """
    return _fetch(LOCK, profile_ids)


def _fetch(statement: str, profile_ids: Collection[int]) -> dict[int, Person]:
    rows = fetch(statement, [numbers(sorted(set(profile_ids)))])
    return {row[0]: Person._make((*row[:7], _cap(row[7]), *row[8:])) for row in rows}


def _cap(stored: str | None) -> tuple[int, int] | None:
    """What the person asked for on the preference page: {"messages": 1, "days": 7}."""
    if stored is None:
        return None
    cap = json.loads(stored)
    return (int(cap["messages"]), int(cap["days"])) if cap else None
