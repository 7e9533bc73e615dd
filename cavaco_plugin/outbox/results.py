"""What an outcome means for its message: the next state, the next try, the place under the caps. Pure."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, assert_never

from cavaco_plugin.channels.contract import (
    NOT_STARTED,
    PROVIDER_WIDE,
    Accepted,
    Misconfigured,
    Outcome,
    Permanent,
    Temporary,
    Uncertain,
)
from cavaco_plugin.outbox.backoff import MAX_ATTEMPTS, wait_after
from cavaco_plugin.outbox.delivery_state import ACCEPTED, FAILED, READY, UNKNOWN
from cavaco_plugin.policy import reasons

# Why an address is never written to again, by the code of the refusal; any other is a dead address.
SUPPRESSIONS = {"unsubscribed": "carrier_opt_out"}
DEAD_ADDRESS = "hard_bounce"
SOON = timedelta(seconds=5)
LONGEST_DETAIL = 2000


class Result(NamedTuple):
    """What is stored of one message after it was offered to its provider."""

    state: str
    reason: str = ""
    due_at: datetime | None = None
    was_tried: bool = True
    keeps_place: bool = False
    outcome: str = ""
    code: str = ""
    detail: str = ""
    provider_message_id: str = ""
    price: Decimal | None = None
    currency: str = ""
    suppress_as: str = ""


def result_of(
    outcome: Outcome, *, message_id: int, attempts: int, expires_at: datetime | None, now: datetime
) -> Result:
    """The result for a message that had been offered `attempts` times before."""
    match outcome:
        case Accepted(provider_message_id=name, cost=cost):
            price, currency = (cost.amount, cost.currency) if cost else (None, "")
            return Result(
                ACCEPTED,
                keeps_place=True,
                outcome="accepted",
                provider_message_id=name[:255],
                price=price,
                currency=currency,
            )
        case Uncertain(detail=detail):
            return Result(
                UNKNOWN, reasons.UNANSWERED, keeps_place=True, outcome="uncertain", detail=detail
            )
        case Permanent(code=code, detail=detail, suppress=suppress):
            why = SUPPRESSIONS.get(code, DEAD_ADDRESS) if suppress else ""
            reason = reasons.INVALID_ADDRESS if suppress else reasons.PROVIDER_REFUSED
            return Result(
                FAILED, reason, outcome="permanent", code=code, detail=detail, suppress_as=why
            )
        case Misconfigured(code=code, detail=detail):
            return Result(
                READY,
                reasons.CHANNEL_OFF,
                now,
                was_tried=False,
                outcome="misconfigured",
                code=code,
                detail=detail,
            )
        case Temporary():
            return _after_temporary(outcome, message_id, attempts, expires_at, now)
        case _ as unknown:
            assert_never(unknown)


def storable(text: str) -> str:
    """A provider's own words as a row can hold them."""
    return text.replace("\x00", "")[:LONGEST_DETAIL]


def _after_temporary(
    outcome: Temporary, message_id: int, attempts: int, expires_at: datetime | None, now: datetime
) -> Result:
    if outcome.code == NOT_STARTED:
        return Result(READY, due_at=now + (outcome.retry_after or SOON), was_tried=False)
    said: Any = {"outcome": "temporary", "code": outcome.code, "detail": outcome.detail}
    # That a provider is down says nothing about the message: only its own refusals use its tries up.
    if attempts + 1 >= MAX_ATTEMPTS and outcome.code not in PROVIDER_WIDE:
        return Result(FAILED, reasons.ATTEMPTS_EXHAUSTED, **said)
    due_at = now + wait_after(
        attempt=attempts + 1, message_id=message_id, asked=outcome.retry_after
    )
    # Due at its end it is looked at once more, and then dropped as expired.
    return Result(READY, due_at=min(due_at, expires_at) if expires_at else due_at, **said)
