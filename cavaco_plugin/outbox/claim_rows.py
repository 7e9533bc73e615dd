"""The rows of a claim: read and locked in one statement, written back in one."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from cavaco_plugin.outbox.delivery_state import CLAIMED, DROPPED, READY
from cavaco_plugin.outbox.judging import Said
from cavaco_plugin.policy.intent import Intent
from cavaco_plugin.policy.people import Person
from cavaco_plugin.policy.rows import fetch, numbers

LOCK_DUE = """
SELECT id, profile_id, channel, purpose, topic, sales_channel, template_version_id, flow_id, subject::text,
    purchase_proof_since, expires_at, is_test, public_id, idempotency_key, attempts, reason
FROM cavaco_message WHERE final_at IS NULL AND state = 'ready' AND due_at <= %s
ORDER BY priority, due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
WRITE = """
UPDATE cavaco_message AS message
SET state = said.state, reason = said.reason, address = said.address, cap_entry = said.cap_entry,
    due_at = coalesce(said.due_at, message.due_at), provider = said.provider,
    claim_token = CASE WHEN said.state = 'claimed' THEN %s ELSE '' END,
    lease_until = CASE WHEN said.state = 'claimed' THEN %s::timestamptz END,
    final_at = CASE WHEN said.state = 'dropped' THEN %s::timestamptz END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[], %s::text[])
    AS said(id, state, reason, address, cap_entry, due_at, provider)
WHERE message.id = said.id
"""
FOLLOW_MERGES = """
UPDATE cavaco_message AS message SET profile_id = profile.merged_into_id
FROM cavaco_profile AS profile WHERE message.id = ANY(%s) AND profile.id = message.profile_id
"""

STATES = {"allow": CLAIMED, "hold": READY, "drop": DROPPED}


class Due(NamedTuple):
    """A message whose time has come."""

    intent: Intent
    public_id: str
    key: str
    attempts: int
    reason: str


class Claimed(NamedTuple):
    """A message this worker may send, as long as its lease lasts."""

    intent: Intent
    person: Person
    public_id: str
    key: str
    attempts: int
    address: str
    cap_entry: int | None
    token: str

    @property
    def id(self) -> int:
        """The message's primary key."""
        return self.intent.id


def lock_due(*, now: datetime, limit: int) -> list[Due]:
    """Lock the most urgent due messages that no other worker has."""
    return [
        Due(Intent._make((*row[:8], json.loads(row[8]), *row[9:12])), *row[12:])
        for row in fetch(LOCK_DUE, [now, limit])
    ]


def write(
    *,
    judged: Sequence[tuple[Due, Said]],
    people: Mapping[int, Person],
    providers: Mapping[str, str],
    token: str,
    lease_until: datetime,
    now: datetime,
) -> list[Claimed]:
    """Store what was said of each; those that may go are this worker's."""
    columns: list[Any] = [
        numbers(due.intent.id for due, _ in judged),
        [STATES[said.verdict.verdict] for _, said in judged],
        [said.verdict.reason for _, said in judged],
        [said.address for _, said in judged],
        numbers(said.cap_entry for _, said in judged),
        [said.verdict.hold_until for _, said in judged],
        [providers[due.intent.channel] for due, _ in judged],
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [token, lease_until, now, *columns])
    return [
        Claimed(
            due.intent,
            people[due.intent.profile_id],
            due.public_id,
            due.key,
            due.attempts,
            said.address,
            said.cap_entry,
            token,
        )
        for due, said in judged
        if said.verdict.verdict == "allow"
    ]


def follow_merges(message_ids: Sequence[int]) -> None:
    """Give messages of who was merged away to who took them over; they are judged in the next round."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_MERGES, [list(message_ids)])
