"""The circuit breaker of one provider. Pure: the outbox keeps the state in a row all workers share.

closed: send. After `TRIP_AFTER` failures of the provider in a row, or at once when it throttles us: open.
open: wait until `retry_at`. Then one slice goes out as a probe (half_open): a success closes, a failure opens
for twice as long. stopped: our settings are wrong; only saving new ones (`CLOSED`) starts the channel again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from cavaco_plugin.channels.contract import (
    NOT_STARTED,
    PROVIDER_WIDE,
    THROTTLED,
    Misconfigured,
    Outcome,
    Temporary,
    Uncertain,
)

TRIP_AFTER = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
# A worker that took the probe may die with it: after this long another may probe.
PROBE_LEASE = timedelta(minutes=3)
PROBE_SIZE = 1

State = Literal["closed", "open", "half_open", "stopped"]


@dataclass(frozen=True, slots=True)
class Breaker:
    """The state as it is stored. `failures` counts in a row and goes on counting while open."""

    state: State = "closed"
    failures: int = 0
    opened_at: datetime | None = None
    retry_at: datetime | None = None
    stopped_reason: str = ""


CLOSED = Breaker()


@dataclass(frozen=True, slots=True)
class Permit:
    """How many messages may go out now (None: as many as there are), the state to store, and when to ask again."""

    at_most: int | None
    breaker: Breaker
    ask_again_at: datetime | None = None


def permit(breaker: Breaker, *, now: datetime) -> Permit:
    """Whether to send now. Store the returned state before sending: it marks the probe as taken."""
    if breaker.state == "closed":
        return Permit(None, breaker)
    if breaker.state == "stopped":
        return Permit(0, breaker)
    if breaker.retry_at is not None and now < breaker.retry_at:
        return Permit(0, breaker, breaker.retry_at)
    probing = replace(breaker, state="half_open", retry_at=now + PROBE_LEASE)
    return Permit(PROBE_SIZE, probing)


def after(breaker: Breaker, outcomes: Iterable[Outcome], *, now: datetime) -> Breaker:
    """The state after a slice, outcomes in the order in which they came."""
    for outcome in outcomes:
        breaker = _after_one(breaker, outcome, now)
    return breaker


def _after_one(breaker: Breaker, outcome: Outcome, now: datetime) -> Breaker:
    if breaker.state == "stopped" or _says_nothing(outcome):
        return breaker
    if isinstance(outcome, Misconfigured):
        reason = f"{outcome.code}: {outcome.detail}"
        return Breaker("stopped", breaker.failures, now, None, reason)
    if isinstance(outcome, Temporary) and outcome.code == THROTTLED:
        return _open(breaker, now, outcome.retry_after)
    if isinstance(outcome, Temporary | Uncertain) and _blames_provider(outcome):
        failures = breaker.failures + 1
        if breaker.state != "closed" or failures >= TRIP_AFTER:
            return _open(breaker, now, _asked_wait(outcome))
        return replace(breaker, failures=failures)
    return _after_success(breaker)


def _says_nothing(outcome: Outcome) -> bool:
    return isinstance(outcome, Temporary) and outcome.code == NOT_STARTED


def _blames_provider(outcome: Temporary | Uncertain) -> bool:
    return isinstance(outcome, Uncertain) or outcome.code in PROVIDER_WIDE


def _asked_wait(outcome: Temporary | Uncertain) -> timedelta | None:
    return outcome.retry_after if isinstance(outcome, Temporary) else None


def _after_success(breaker: Breaker) -> Breaker:
    # A straggler from before the opening does not close it; the probe's own success does.
    return breaker if breaker.state == "open" else CLOSED


def _open(breaker: Breaker, now: datetime, asked: timedelta | None) -> Breaker:
    if breaker.state == "open":
        # The rest of a slice that was under way: it has been counted, and may only ask for a longer wait.
        until = max(breaker.retry_at or now, now + (asked or timedelta(0)))
        return replace(breaker, retry_at=until)
    failures = breaker.failures + 1
    doublings = max(0, failures - TRIP_AFTER)
    wait = min(FIRST_WAIT * 2 ** min(doublings, 10), LONGEST_WAIT)
    wait = wait if asked is None else max(asked, timedelta(seconds=1))
    opened_at = breaker.opened_at or now
    return Breaker("open", failures, opened_at, now + wait)
