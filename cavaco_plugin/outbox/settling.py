"""Settle claimed messages that are not sent after all: dropped, failed, or ready again for later."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from cavaco_plugin.outbox import decisions
from cavaco_plugin.outbox.claim_rows import Claimed
from cavaco_plugin.outbox.decisions import Decided
from cavaco_plugin.outbox.delivery_state import DROPPED, READY
from cavaco_plugin.outbox.rendering import Unfit
from cavaco_plugin.outbox.results import storable
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.policy.facts import Verdict

SETTLE = """
UPDATE cavaco_message AS message
SET state = given.state, reason = given.reason, due_at = coalesce(given.due_at, message.due_at),
    cap_entry = NULL, claim_token = '', lease_until = NULL,
    final_at = CASE WHEN given.state = 'ready' THEN NULL ELSE %s::timestamptz END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS given(id, state, reason, due_at)
WHERE message.id = given.id AND message.state = 'claimed' AND message.claim_token = %s
RETURNING message.id
"""
LOOK_AGAIN_AFTER = timedelta(minutes=10)


@transaction.atomic
def settle(unfit: Sequence[Unfit], *, now: datetime, due_at: datetime | None = None) -> None:
    """Store where each goes, and give its place back; `due_at` is for those that wait."""
    if not unfit:
        return
    later = due_at or now + LOOK_AGAIN_AFTER
    columns: list[list[object]] = [
        [one.claimed.id for one in unfit],
        [one.state for one in unfit],
        [one.reason for one in unfit],
        [_due(one.claimed, later) if one.state == READY else None for one in unfit],
    ]
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [now, *columns, unfit[0].claimed.token])
        mine = {row[0] for row in cursor.fetchall()}
    settled = [one for one in unfit if one.claimed.id in mine]
    policy.release(
        places=[
            (one.claimed.intent.profile_id, one.claimed.cap_entry)
            for one in settled
            if one.claimed.cap_entry is not None
        ]
    )
    decisions.record(
        decided=[Decided(one.claimed.id, _verdict(one, later)) for one in settled],
        stage="render",
        policy_number=None,
        now=now,
    )


def _due(message: Claimed, later: datetime) -> datetime:
    expires_at = message.intent.expires_at
    return min(later, expires_at) if expires_at else later


def _verdict(unfit: Unfit, later: datetime) -> Verdict:
    inputs: dict[str, object] = {"detail": storable(unfit.detail)} if unfit.detail else {}
    if unfit.state == READY:
        return Verdict("hold", "render", unfit.reason, _due(unfit.claimed, later), inputs)
    return Verdict(
        "drop" if unfit.state == DROPPED else "fail", "render", unfit.reason, None, inputs
    )
