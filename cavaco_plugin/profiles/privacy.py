"""One person's own rows: everything the profiles stage knows about them, told or forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cavaco_plugin.profiles.merging import person_of, put
from cavaco_plugin.profiles.models import ContactPoint, MergeLog, Profile
from cavaco_plugin.profiles.values import Person

_ORDERS = {"orders_count": 0, "orders_total": {}, "first_order_at": None, "last_order_at": None}


def export(*, profile_ids: Sequence[int]) -> Mapping[str, object]:
    """The profiles that are this person, their contact points and their merges."""
    points = ContactPoint.objects.filter(profile_id__in=profile_ids).order_by("pk")
    merges = MergeLog.objects.filter(winner_id__in=profile_ids).order_by("pk")
    return {
        "profiles": list(Profile.objects.filter(pk__in=profile_ids).order_by("pk").values()),
        "contact_points": list(points.values()),
        "merges": list(merges.values("winner_id", "loser_id", "reason", "merged_at", "undone_at")),
    }


def erase(profiles: Sequence[Profile], *, now: datetime) -> None:
    """Leave rows that count and name nobody. The profiles are locked."""
    ids = [profile.pk for profile in profiles]
    ContactPoint.objects.filter(profile_id__in=ids).delete()
    MergeLog.objects.filter(winner_id__in=ids).update(moved={}, reason="")
    MergeLog.objects.filter(loser_id__in=ids).update(moved={}, reason="")
    for profile in profiles:
        nobody = replace(Person(), traits={}, as_of=person_of(profile).as_of)
        put(profile, nobody, now=now)
    Profile.objects.filter(pk__in=ids).update(erased_at=now, updated_at=now, **_ORDERS)
