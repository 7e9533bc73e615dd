"""Send what is due: claim, and then channel by channel hand over to `sending`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from cavaco_plugin.outbox.claim import LEASE, claim
from cavaco_plugin.outbox.claim_rows import Claimed
from cavaco_plugin.outbox.sending import Round, send_all
from cavaco_plugin.outbox.undisturbed import undisturbed


@dataclass(frozen=True, slots=True)
class DispatchReport:
    """How many messages went which way; `retried` are ready again, `lost` were not ours any more."""

    claimed: int = 0
    held: int = 0
    dropped: int = 0
    accepted: int = 0
    retried: int = 0
    failed: int = 0
    unknown: int = 0
    lost: int = 0


def release(*, now: datetime, limit: int = 1000) -> DispatchReport:
    """Send up to `limit` of the messages that are due. Returns what became of them."""
    round_ = Round(now, now + LEASE)
    with undisturbed():
        batch = claim(now=now, limit=limit)
        by_channel: dict[str, list[Claimed]] = defaultdict(list)
        for message in batch.claimed:
            by_channel[message.intent.channel].append(message)
        for channel, messages in by_channel.items():
            send_all(batch.ways[channel], messages, round_)
    counts = round_.counts
    return DispatchReport(
        claimed=len(batch.claimed),
        held=batch.held,
        dropped=batch.dropped + counts["dropped"],
        accepted=counts["accepted"],
        retried=counts["ready"],
        failed=counts["failed"],
        unknown=counts["unknown"],
        lost=counts["lost"],
    )
