"""Send what was claimed, slice by slice: render, mark as being sent, call the provider, record.

No transaction is open across a call of a provider. A worker that dies leaves its slice `sending`,
and nobody sends that again; what it had not come to goes back when its lease ends.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from cavaco_plugin.channels import breaker as breakers
from cavaco_plugin.channels.contract import Accepted, Outcome, Transport, Uncertain
from cavaco_plugin.outbox import recording, senders, settling, ways
from cavaco_plugin.outbox.claim_rows import Claimed
from cavaco_plugin.outbox.delivery_state import READY
from cavaco_plugin.outbox.recording import Outcomes
from cavaco_plugin.outbox.rendering import Rendered, Unfit, render
from cavaco_plugin.outbox.results import Result, result_of
from cavaco_plugin.outbox.surely import surely
from cavaco_plugin.outbox.ways import Way
from cavaco_plugin.policy import reasons

logger = logging.getLogger(__name__)

# Enough to fill a transport's connections many times over, small enough to be sent well within a lease.
SLICE = 250
# A transport begins nothing after half a minute, and waits no longer than that again for answers.
LONGEST_SLICE = timedelta(seconds=75)


@dataclass
class Round:
    """One call of `release`: its clock and its counts."""

    began_at: datetime
    lease_until: datetime
    counts: Counter[str] = field(default_factory=Counter)
    _began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The moment of the call and what has passed since."""
        return self.began_at + timedelta(seconds=time.monotonic() - self._began)


def send_all(way: Way, messages: Sequence[Claimed], round_: Round) -> None:
    """Send these messages of one channel, until the provider or the lease says stop."""
    assert way.active is not None
    sender = senders.current()
    transport = sender.transport(way.active)
    rest = list(messages)
    for part in _slices(messages, min(SLICE, transport.max_batch)):
        if round_.now() + LONGEST_SLICE > round_.lease_until:
            _give_back(rest, "", "the worker's time was up", round_, due_at=round_.now())
            return
        rest = rest[len(part) :]
        rendered, unfit = render(part)
        _settle(unfit, round_)
        mine = recording.fence(rendered)
        round_.counts["lost"] += len(rendered) - len(mine)
        if not mine:
            continue
        started_at = round_.now()
        outcomes = _call(sender, transport, mine)
        breaker = _record(way, mine, outcomes, started_at, round_)
        if breaker is not None and breaker.state != "closed":
            _wait_for_provider(rest, breaker, round_)
            return


def _slices(messages: Sequence[Claimed], size: int) -> Iterator[Sequence[Claimed]]:
    for start in range(0, len(messages), size):
        yield messages[start : start + size]


def _call(
    sender: senders.Sender, transport: Transport, messages: Sequence[Rendered]
) -> list[Outcome]:
    try:
        return sender.send(transport, [message.outgoing for message in messages])
    except Exception as error:  # a transport that breaks its word; some may have been sent
        logger.exception("the transport failed as a whole")
        return [Uncertain(f"{type(error).__name__}: {error}")] * len(messages)


def _record(
    way: Way,
    messages: Sequence[Rendered],
    outcomes: Sequence[Outcome],
    started_at: datetime,
    round_: Round,
) -> breakers.Breaker | None:
    """Store a slice; the breaker after it, or None where all went well and it was closed already."""
    now = round_.now()
    results = [
        _result(message, outcome, now) for message, outcome in zip(messages, outcomes, strict=True)
    ]
    slice_ = Outcomes(messages, results, way.provider, started_at)
    round_.counts.update(result.state for result in results)
    return surely(lambda: _store(way, slice_, outcomes, now))


def _store(
    way: Way, slice_: Outcomes, outcomes: Sequence[Outcome], now: datetime
) -> breakers.Breaker | None:
    recording.close_addresses(slice_, now=now)
    went_well = way.breaker == breakers.CLOSED and all(
        isinstance(one, Accepted) for one in outcomes
    )
    with transaction.atomic():
        if went_well:
            recording.record(slice_, now=now)
            return None
        before = ways.lock_breaker(channel=way.channel, provider=way.provider, now=now)
        recording.record(slice_, now=now)
        after = breakers.after(before, outcomes, now=now)
        if after != before:
            ways.store(channel=way.channel, provider=way.provider, breaker=after, now=now)
        return after


def _result(message: Rendered, outcome: Outcome, now: datetime) -> Result:
    claimed = message.claimed
    return result_of(
        outcome,
        message_id=claimed.id,
        attempts=claimed.attempts,
        expires_at=claimed.intent.expires_at,
        now=now,
    )


def _settle(unfit: Sequence[Unfit], round_: Round) -> None:
    settling.settle(unfit, now=round_.now())
    round_.counts.update(one.state for one in unfit)


def _wait_for_provider(
    messages: Sequence[Claimed], breaker: breakers.Breaker, round_: Round
) -> None:
    """The provider is down, too fast for us, or wrongly set up: nothing more is offered."""
    detail = breaker.stopped_reason or "the provider does not answer as it should"
    _give_back(messages, reasons.CHANNEL_OFF, detail, round_, due_at=breaker.retry_at)


def _give_back(
    messages: Sequence[Claimed],
    reason: str,
    detail: str,
    round_: Round,
    due_at: datetime | None = None,
) -> None:
    unfit = [Unfit(message, READY, reason, detail) for message in messages]
    settling.settle(unfit, now=round_.now(), due_at=due_at)
    round_.counts[READY] += len(unfit)
