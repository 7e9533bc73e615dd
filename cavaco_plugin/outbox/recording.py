"""Mark a slice as being sent, and write down what came of it: states, attempts, places, closed addresses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.outbox.bulk import copy_rows
from cavaco_plugin.outbox.rendering import Rendered
from cavaco_plugin.outbox.results import Result, storable
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.policy.rows import numbers

# Whoever dropped a message meanwhile, or took it over after the lease ran out, has the last word.
FENCE = """
WITH mine AS (
    SELECT id FROM cavaco_message
    WHERE id = ANY(%s::bigint[]) AND state = 'claimed' AND claim_token = (SELECT %s) ORDER BY id FOR UPDATE
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
    ids = numbers(message.claimed.id for message in messages)
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
    columns: dict[str, Any] = {
        "ids": numbers(message.claimed.id for message in outcomes.messages),
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
                storable(result.detail),
                started_at,
                ended_at,
            )
            for message, result in zip(outcomes.messages, outcomes.results, strict=True)
            if result.outcome
        ],
    )
