"""Write down what came of a slice, by the batch: states, attempts, places given back, closed addresses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.outbox import decisions
from cavaco_plugin.outbox.bulk import copy_rows
from cavaco_plugin.outbox.claim_rows import Claimed
from cavaco_plugin.outbox.decisions import Decided
from cavaco_plugin.outbox.delivery_state import DROPPED, READY
from cavaco_plugin.outbox.rendering import Rendered, Unfit
from cavaco_plugin.outbox.results import Result
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.policy.facts import Verdict

# Whoever dropped a message meanwhile, or took it over after the lease ran out, has the last word.
FENCE = """
WITH mine AS (
    SELECT id FROM cavaco_message
    WHERE id = ANY(%s) AND state = 'claimed' AND claim_token = (SELECT %s) ORDER BY id FOR UPDATE
)
UPDATE cavaco_message AS message SET state = 'sending'
FROM mine WHERE message.id = mine.id RETURNING message.id
"""
# The outcome counts even when the lease ran out meanwhile (unknown); a receipt that came first knows better.
OUTCOMES = """
UPDATE cavaco_message AS message
SET state = CASE WHEN message.state IN ('sending', 'unknown') THEN given.state ELSE message.state END,
    reason = CASE WHEN message.state IN ('sending', 'unknown') THEN given.reason ELSE message.reason END,
    cap_entry = CASE WHEN given.keeps_place OR message.state NOT IN ('sending', 'unknown') THEN message.cap_entry END,
    final_at = CASE
        WHEN message.state IN ('sending', 'unknown') AND given.state = 'ready' THEN NULL
        ELSE coalesce(message.final_at, %(now)s)
    END,
    sent_at = CASE WHEN given.state = 'accepted' THEN coalesce(message.sent_at, %(now)s) ELSE message.sent_at END,
    due_at = coalesce(given.due_at, message.due_at),
    attempts = message.attempts + given.tried,
    lease_until = NULL,
    claim_token = '',
    provider_message_id = CASE WHEN given.name = '' THEN message.provider_message_id ELSE given.name END,
    language = given.language, parts = given.parts, price = given.price, price_currency = given.currency
FROM unnest(
    %(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(due)s::timestamptz[], %(tried)s::smallint[],
    %(keeps)s::boolean[], %(names)s::text[], %(languages)s::text[], %(parts)s::smallint[], %(prices)s::numeric[],
    %(currencies)s::text[]
) AS given(id, state, reason, due_at, tried, keeps_place, name, language, parts, price, currency)
WHERE message.id = given.id AND message.claim_token = (SELECT %(token)s)
RETURNING message.id, message.cap_entry IS NULL
"""
ATTEMPTS = """
COPY cavaco_attempt (message_id, number, provider, outcome, code, detail, started_at, ended_at) FROM STDIN
"""
GIVE_BACK = """
UPDATE cavaco_message AS message
SET state = given.state, reason = given.reason, due_at = coalesce(given.due_at, message.due_at),
    cap_entry = NULL, claim_token = '', lease_until = NULL,
    final_at = CASE WHEN given.state = 'ready' THEN NULL ELSE %s::timestamptz END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS given(id, state, reason, due_at)
WHERE message.id = given.id AND message.state = 'claimed' AND message.claim_token = %s
RETURNING message.id
"""
LOOK_AGAIN_AFTER = timedelta(minutes=10)


class Outcomes(NamedTuple):
    """One slice after its call, in the order of its messages."""

    messages: Sequence[Rendered]
    results: Sequence[Result]
    provider: str
    started_at: datetime


def fence(messages: Sequence[Rendered]) -> list[Rendered]:
    """Mark as sending those that are still this worker's; the others must not be sent."""
    if not messages:
        return []
    token = messages[0].claimed.token
    ids = [message.claimed.id for message in messages]
    with connection.cursor() as cursor:
        cursor.execute(FENCE, [ids, token])
        mine = {row[0] for row in cursor.fetchall()}
    return [message for message in messages if message.claimed.id in mine]


def close_addresses(outcomes: Outcomes, *, now: datetime) -> None:
    """Suppress the addresses that refused for ever; before the rest, for it locks people first."""
    for message, result in zip(outcomes.messages, outcomes.results, strict=True):
        if result.suppress_as:
            consent.suppress(
                channel=message.claimed.intent.channel,
                address=message.claimed.address,
                reason=result.suppress_as,
                detail=f"{outcomes.provider}: {result.code}",
                now=now,
            )


def record(outcomes: Outcomes, *, now: datetime) -> None:
    """Store every outcome and attempt, and give back the places of what did not reach the provider."""
    if not outcomes.messages:
        return
    is_free = _store(outcomes, now)
    policy.release(
        places=[
            (message.claimed.intent.profile_id, message.claimed.cap_entry)
            for message in outcomes.messages
            if message.claimed.cap_entry is not None and is_free.get(message.claimed.id)
        ]
    )
    _explain_attempts(outcomes, now)


def _store(outcomes: Outcomes, now: datetime) -> dict[int, bool]:
    """Message id → whether it holds no place under the caps any more."""
    results = outcomes.results
    columns = {
        "ids": [message.claimed.id for message in outcomes.messages],
        "languages": [message.language for message in outcomes.messages],
        "parts": [message.parts for message in outcomes.messages],
        "states": [result.state for result in results],
        "reasons": [result.reason for result in results],
        "due": [result.due_at for result in results],
        "tried": [int(result.was_tried) for result in results],
        "keeps": [result.keeps_place for result in results],
        "names": [result.provider_message_id for result in results],
        "prices": [result.price for result in results],
        "currencies": [result.currency for result in results],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            OUTCOMES, {**columns, "now": now, "token": outcomes.messages[0].claimed.token}
        )
        return dict(cursor.fetchall())


def _explain_attempts(outcomes: Outcomes, now: datetime) -> None:
    provider, started_at, ended_at = outcomes.provider, str(outcomes.started_at), str(now)
    copy_rows(
        ATTEMPTS,
        [
            (
                message.claimed.id,
                message.claimed.attempts + 1,
                provider,
                result.outcome,
                result.code[:64],
                result.detail,
                started_at,
                ended_at,
            )
            for message, result in zip(outcomes.messages, outcomes.results, strict=True)
            if result.outcome
        ],
    )


@transaction.atomic
def give_back(unfit: Sequence[Unfit], *, now: datetime, due_at: datetime | None = None) -> None:
    """Settle claimed messages that are not sent: dropped, failed, or ready again for later."""
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
        cursor.execute(GIVE_BACK, [now, *columns, unfit[0].claimed.token])
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
    inputs: dict[str, object] = {"detail": unfit.detail} if unfit.detail else {}
    if unfit.state == READY:
        return Verdict("hold", "render", unfit.reason, _due(unfit.claimed, later), inputs)
    return Verdict(
        "drop" if unfit.state == DROPPED else "fail", "render", unfit.reason, None, inputs
    )
