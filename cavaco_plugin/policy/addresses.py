"""Where a channel reaches a person: of their contact points, the one seen last."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from cavaco_plugin.consent.models import OptInRequest
from cavaco_plugin.consent.reach import kind_for
from cavaco_plugin.policy.intent import Intent
from cavaco_plugin.policy.rows import fetch, numbers


class Point(NamedTuple):
    """One way to know or reach a person."""

    kind: str
    value: str
    written: str


Points = Mapping[int, list[Point]]

CONTACT_POINTS = """
SELECT profile_id, kind, value, written FROM cavaco_contact_point
WHERE profile_id = ANY(%s::bigint[]) ORDER BY last_seen_at DESC, id DESC
"""


def contact_points(profile_ids: Collection[int]) -> dict[int, list[Point]]:
    """Everybody's contact points by profile id, the one seen last first; everybody asked for is there."""
    found: dict[int, list[Point]] = {profile_id: [] for profile_id in profile_ids}
    for profile_id, kind, value, written in fetch(CONTACT_POINTS, [numbers(found)]):
        found[profile_id].append(Point(kind, value, written))
    return found


def addresses_for(messages: Sequence[Intent], points: Points) -> dict[int, str]:
    """Message id → the address as the person wrote it, or ""; an opt-in is confirmed from its own address only."""
    opt_ins = {message.subject["opt_in"] for message in messages if "opt_in" in message.subject}
    asked = _opt_in_addresses(opt_ins) if opt_ins else {}
    return {
        message.id: asked.get(message.subject.get("opt_in", ""), "")
        if "opt_in" in message.subject
        else _latest(points[message.profile_id], message.channel)
        for message in messages
    }


def _opt_in_addresses(public_ids: set[str]) -> dict[str, str]:
    rows = OptInRequest.objects.filter(public_id__in=public_ids)
    return dict(rows.values_list("public_id", "address"))


def _latest(points: list[Point], channel: str) -> str:
    kind = kind_for(channel)
    for point in points:
        if point.kind == kind:
            return point.written or point.value
    return ""


def values_by_kind(points: Points, profile_id: int) -> dict[str, tuple[str, ...]]:
    """All values of a person, by kind."""
    values: dict[str, list[str]] = defaultdict(list)
    for point in points[profile_id]:
        values[point.kind].append(point.value)
    return {kind: tuple(found) for kind, found in values.items()}
