"""Stop what is still waiting, when a person or a flow has changed their mind."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cavaco_plugin.outbox import decisions
from cavaco_plugin.outbox.decisions import Decided
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.policy.facts import Verdict

# Locked by id, as the worker does that is about to send: whoever comes second sees what the first did.
DROP = """
WITH waiting AS (
    SELECT id, profile_id, cap_entry FROM cavaco_message
    WHERE state IN ('ready', 'claimed') AND {which} ORDER BY id FOR UPDATE
)
UPDATE cavaco_message AS message
SET state = 'dropped', reason = %(reason)s, final_at = %(now)s, claim_token = '', lease_until = NULL, cap_entry = NULL
FROM waiting WHERE message.id = waiting.id
RETURNING message.id, waiting.profile_id, waiting.cap_entry
"""
OF_ENROLMENTS = DROP.format(which="enrolment_id = ANY(%(enrolments)s)")
OF_PROFILE = DROP.format(
    which="""profile_id = %(profile)s
    AND (%(channel)s::text IS NULL OR channel = %(channel)s)
    AND (%(topic)s::text IS NULL OR topic = %(topic)s)
    AND (%(purpose)s::text IS NULL OR purpose = %(purpose)s)"""
)


def drop_for_enrolments(enrolment_ids: Collection[int], *, reason: str, now: datetime) -> int:
    """Drop what these enrolments still have waiting. Returns how many messages it was."""
    if not enrolment_ids:
        return 0
    return _drop(
        OF_ENROLMENTS, {"enrolments": list(enrolment_ids)}, rule="enrolment", reason=reason, now=now
    )


def drop_for_profile(
    profile_id: int,
    *,
    reason: str,
    now: datetime,
    channel: str | None = None,
    topic: str | None = None,
    purpose: str | None = None,
) -> int:
    """Drop what a person still has waiting: all of it, or what is for a channel, a topic or a purpose.

    After a withdrawal give `purpose="marketing"`: an order's own messages are not withdrawn.
    """
    which = {"profile": profile_id, "channel": channel, "topic": topic, "purpose": purpose}
    return _drop(OF_PROFILE, which, rule="person", reason=reason, now=now)


@transaction.atomic
def _drop(statement: str, which: dict[str, Any], *, rule: str, reason: str, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**which, "reason": reason, "now": now})
        dropped = cursor.fetchall()
    policy.release(places=[(person, entry) for _, person, entry in dropped if entry is not None])
    decisions.record(
        decided=[
            Decided(message_id, Verdict("drop", rule, reason)) for message_id, _, _ in dropped
        ],
        stage="exit",
        policy_number=None,
        now=now,
    )
    return len(dropped)
