"""Contact points written by the batch: whose they are, when they were seen, how they were spelt."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from cavaco_plugin.profiles.identity import Key

ATTACH = """
INSERT INTO cavaco_contact_point (profile_id, kind, value, written, first_seen_at, last_seen_at)
SELECT %(profile)s, kind, value, written, %(at)s, %(at)s
FROM unnest(%(kinds)s::text[], %(values)s::text[], %(written)s::text[]) AS told (kind, value, written)
ON CONFLICT (kind, value) DO UPDATE SET profile_id = excluded.profile_id
"""
# Nothing is written where nothing is new.
TOUCH = """
UPDATE cavaco_contact_point point SET
    written = CASE WHEN %(at)s > last_seen_at THEN told.written ELSE point.written END,
    last_seen_at = greatest(last_seen_at, %(at)s),
    first_seen_at = least(first_seen_at, %(at)s),
    verified_at = CASE WHEN told.is_proved THEN coalesce(verified_at, %(at)s) ELSE verified_at END
FROM unnest(%(kinds)s::text[], %(values)s::text[], %(written)s::text[], %(proved)s::bool[])
    AS told (kind, value, written, is_proved)
WHERE point.profile_id = %(profile)s AND point.kind = told.kind AND point.value = told.value
    AND (%(at)s NOT BETWEEN first_seen_at AND last_seen_at OR (told.is_proved AND verified_at IS NULL))
"""


def attach(profile_id: int, keys: Sequence[Key], *, at: datetime) -> None:
    """Make these keys this person's; one that was somebody else's moves."""
    if keys:
        _run(ATTACH, profile_id, keys, {"at": at})


def touch(profile_id: int, keys: Sequence[Key], *, proved: Sequence[Key], at: datetime) -> None:
    """The person was seen under these keys; `proved` are certainly their own."""
    _run(TOUCH, profile_id, keys, {"at": at, "proved": [key in proved for key in keys]})


def _run(
    statement: str, profile_id: int, keys: Sequence[Key], also: dict[str, datetime | list[bool]]
) -> None:
    values = {
        "profile": profile_id,
        "kinds": [key.kind for key in keys],
        "values": [key.value for key in keys],
        "written": [key.written for key in keys],
        **also,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
