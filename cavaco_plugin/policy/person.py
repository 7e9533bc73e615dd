"""What the policy stage does when people are merged, separated, exported or erased."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cavaco_plugin.policy import ring
from cavaco_plugin.policy.models import CapRing
from cavaco_plugin.policy.operations import merge_rings

NAME = "policy"


def absorb(*, winner_id: int, loser_id: int, now: datetime) -> Mapping[str, object]:
    """What both were sent counts for one."""
    merge_rings(winner_id=winner_id, loser_id=loser_id)
    return {"sends": _sends(loser_id)}


def restore(*, winner_id: int, loser_id: int, moved: Mapping[str, Any], now: datetime) -> None:
    """The loser kept its own; the winner's no longer holds them."""
    left = Counter(_sends(winner_id))
    left.subtract(moved.get("sends", []))
    sends = sorted(entry for entry, times in left.items() for _ in range(times))
    rows = CapRing.objects.filter(profile_id=winner_id)
    rows.update(sends=sends) if sends else rows.delete()


def export(*, profile_ids: Sequence[int]) -> Mapping[str, object]:
    """When the person was sent what counts under the caps."""
    entries = [entry for profile_id in profile_ids for entry in _sends(profile_id)]
    return {"counted_sends": [ring.moment_of(entry).isoformat() for entry in sorted(set(entries))]}


def erase(*, profile_ids: Sequence[int], now: datetime) -> None:
    """Nobody is counted any more."""
    CapRing.objects.filter(profile_id__in=profile_ids).delete()


def _sends(profile_id: int) -> list[int]:
    rows = CapRing.objects.filter(profile_id=profile_id).values_list("sends", flat=True)
    return list(rows.first() or [])
