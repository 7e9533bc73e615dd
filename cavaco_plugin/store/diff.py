"""What a snapshot means for what we knew before. Pure.

Activity is what a customer does: the set of lines, who they are, where they live. The shop's own
timestamp moves for much else (shipping clean-ups, gift cards, metadata, prices) and is no activity.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cavaco_plugin.kernel.hashing import fingerprint
from cavaco_plugin.store.addresses import normalise_email
from cavaco_plugin.store.snapshots import Buyer, CheckoutSnapshot, LineSnapshot

QUIET_BETWEEN_EPISODES = timedelta(hours=6)
_FIELD = "\x1f"


@dataclass(frozen=True, slots=True)
class Activity:
    """How far a customer has come with a checkout.

    Attributes:
        revision: counts every activity; a timer set for an earlier one has nothing to say.
        episode: counts the times the customer came back after a long quiet.
    """

    fingerprint: str = ""
    at: datetime | None = None
    revision: int = 0
    episode: int = 0


def activity_fingerprint(snapshot: CheckoutSnapshot) -> str:
    """A checksum of everything whose change is activity, and of nothing else."""
    lines = sorted(_quantities(snapshot.lines).items())
    parts = [f"{variant_id}×{quantity}" for variant_id, quantity in lines]
    return fingerprint(_FIELD.join([*parts, "", *_identity(snapshot.buyer)]))


def _quantities(lines: Iterable[LineSnapshot]) -> Counter[str]:
    quantities: Counter[str] = Counter()
    for line in lines:
        quantities[line.variant_id] += line.quantity
    return quantities


def _identity(buyer: Buyer) -> tuple[str, ...]:
    return (
        buyer.user_id,
        normalise_email(buyer.email),
        buyer.phone,
        buyer.country,
        buyer.country_area,
        buyer.postal_code,
    )


def next_activity(before: Activity, snapshot: CheckoutSnapshot) -> Activity:
    """The activity after a snapshot that is not older than what we knew.

    The same object if the customer did nothing.
    """
    seen = activity_fingerprint(snapshot)
    if seen == before.fingerprint:
        return before
    is_new_episode = before.at is None or snapshot.updated_at - before.at >= QUIET_BETWEEN_EPISODES
    return replace(
        before,
        fingerprint=seen,
        at=snapshot.updated_at,
        revision=before.revision + 1,
        episode=before.episode + is_new_episode,
    )


def earliest(known: datetime | None, told: datetime | None) -> datetime | None:
    """When a thing that happens once happened, by the earliest that says so."""
    if known is None or told is None:
        return known or told
    return min(known, told)


def is_outdated(snapshot_at: datetime, known_at: datetime | None) -> bool:
    """Whether a snapshot is older than what we know, so that it may add facts but move nothing."""
    return known_at is not None and snapshot_at < known_at
