"""Find what a worker left behind when it died, and what nobody came to in time."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from cavaco_plugin.outbox import decisions
from cavaco_plugin.outbox.decisions import Decided
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.facts import Verdict

# Never sent: it may be claimed again, and judged again.
UNCLAIM = """
UPDATE cavaco_message AS message
SET state = 'ready', claim_token = '', lease_until = NULL, cap_entry = NULL
FROM (
    SELECT id, profile_id, cap_entry FROM cavaco_message
    WHERE final_at IS NULL AND state = 'claimed' AND lease_until < %(now)s
    ORDER BY lease_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) AS left_behind
WHERE message.id = left_behind.id
RETURNING message.id, left_behind.profile_id, left_behind.cap_entry
"""
# Sent or not: only a receipt can tell. The token stays, for a slow worker may still come and say.
UNKNOWN = """
UPDATE cavaco_message AS message
SET state = 'unknown', reason = %(reason)s, lease_until = NULL, final_at = %(now)s
FROM (
    SELECT id FROM cavaco_message WHERE final_at IS NULL AND state = 'sending' AND lease_until < %(now)s
    ORDER BY lease_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) AS left_behind
WHERE message.id = left_behind.id
RETURNING message.id, NULL, NULL
"""
EXPIRE = """
UPDATE cavaco_message AS message
SET state = 'dropped', reason = %(reason)s, final_at = %(now)s
FROM (
    SELECT id FROM cavaco_message
    WHERE final_at IS NULL AND state = 'ready' AND due_at <= %(now)s AND expires_at <= %(now)s
    ORDER BY priority, due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) AS late
WHERE message.id = late.id
RETURNING message.id, message.profile_id, message.expires_at
"""


class Swept(NamedTuple):
    """How many messages were taken back, given up as unknown, and dropped as too late."""

    unclaimed: int
    unknown: int
    expired: int


def recover_expired_leases(*, now: datetime, limit: int = 1000) -> Swept:
    """Settle what is overdue, up to `limit` of each kind."""
    return Swept(_unclaim(now, limit), _give_up(now, limit), _expire(now, limit))


@transaction.atomic
def _unclaim(now: datetime, limit: int) -> int:
    taken = _run(UNCLAIM, now=now, limit=limit)
    policy.release(places=[(person, entry) for _, person, entry in taken if entry is not None])
    return len(taken)


def _give_up(now: datetime, limit: int) -> int:
    return len(_run(UNKNOWN, now=now, limit=limit, reason=reasons.UNANSWERED))


@transaction.atomic
def _expire(now: datetime, limit: int) -> int:
    late = _run(EXPIRE, now=now, limit=limit, reason=reasons.EXPIRED)
    decisions.record(
        decided=[
            Decided(
                id, Verdict("drop", "expiry", reasons.EXPIRED, None, {"expires_at": at.isoformat()})
            )
            for id, _, at in late
        ],
        stage="sweep",
        policy_number=None,
        now=now,
    )
    return len(late)


def _run(statement: str, **arguments: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall()
