"""What people allowed and which addresses are closed, for a whole batch: two statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from cavaco_plugin.consent.addresses import address_hash
from cavaco_plugin.consent.resolution import Standing
from cavaco_plugin.policy.rows import fetch, numbers

STANDINGS = """
SELECT profile_id, channel, topic, sales_channel, state, occurred_at FROM cavaco_consent_state
WHERE profile_id = ANY(%s::bigint[]) AND channel = ANY(%s)
"""
SUPPRESSIONS = """
SELECT channel, address_hash, reason FROM cavaco_suppression
WHERE lifted_at IS NULL AND channel = ANY(%s) AND address_hash = ANY(%s) ORDER BY reason
"""

# A channel and an address.
Destination = tuple[str, str]


def standings(
    *, profile_ids: Collection[int], channels: Iterable[str]
) -> dict[int, list[Standing]]:
    """What these people said last about these channels, by profile id."""
    found: dict[int, list[Standing]] = defaultdict(list)
    for profile_id, *said in fetch(STANDINGS, [numbers(profile_ids), list(channels)]):
        found[profile_id].append(Standing(*said))
    return found


def suppressions(destinations: Iterable[Destination]) -> dict[Destination, tuple[str, ...]]:
    """The standing reasons not to write to each of these; who has none is missing."""
    hashes = {destination: address_hash(*destination) for destination in destinations}
    if not hashes:
        return {}
    reasons: dict[Destination, tuple[str, ...]] = {}
    for channel, hashed, reason in fetch(
        SUPPRESSIONS, [list({channel for channel, _ in hashes}), list(hashes.values())]
    ):
        reasons[channel, hashed] = (*reasons.get((channel, hashed), ()), reason)
    if not reasons:
        return {}
    asked = {destination: (destination[0], hashed) for destination, hashed in hashes.items()}
    return {destination: reasons[key] for destination, key in asked.items() if key in reasons}
