"""Finding a person."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from django.db import connection
from django.db.models import QuerySet

from cavaco_plugin.profiles.identity import EMAIL, PHONE, USER, Key, Owner
from cavaco_plugin.profiles.models import ContactPoint, MergeLog, Profile
from cavaco_plugin.profiles.normalise import normalise_email, normalise_phone
from cavaco_plugin.store.models import CustomerCopy

FAMILY = """
WITH RECURSIVE family (id) AS (
    SELECT %s::bigint
    UNION
    SELECT p.id FROM cavaco_profile p JOIN family ON p.merged_into_id = family.id
)
SELECT id FROM family ORDER BY id
"""


def profiles(*, using: str | None = None) -> QuerySet[Profile]:
    """Every profile, merged ones too."""
    return Profile.objects.using(using)


def find(*, kind: str, value: str, using: str | None = None) -> Profile | None:
    """The person whom a user id, an e-mail address or a phone number leads to.

    Raises:
        ValueError: `kind` is none of user, email, phone.
    """
    spelling: dict[str, Callable[[str], str]] = {
        USER: str,
        EMAIL: normalise_email,
        PHONE: normalise_phone,
    }
    if kind not in spelling:
        raise ValueError(f"kind: {kind!r} is not one of {', '.join(spelling)}.")
    points = ContactPoint.objects.using(using).select_related("profile")
    point = points.filter(kind=kind, value=spelling[kind](value)).first()
    return point.profile if point else None


def family(profile_id: int) -> list[int]:
    """The profile and all that were merged into it, however indirectly."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [profile_id])
        return [row[0] for row in cursor.fetchall()]


def standing_id(profile_id: int) -> int:
    """The profile that stands for this one's person now."""
    winner = Profile.objects.filter(pk=profile_id).values_list("merged_into_id", flat=True).first()
    return profile_id if winner is None else standing_id(winner)


def owners_of(keys: Sequence[Key]) -> dict[Key, Owner]:
    """The profiles that hold some of these keys."""
    by_name = {key.name: key for key in keys}
    holders = {
        by_name[f"{kind}:{value}"]: profile_id
        for kind, value, profile_id in ContactPoint.objects.filter(
            kind__in={key.kind for key in keys}, value__in={key.value for key in keys}
        ).values_list("kind", "value", "profile_id")
        if f"{kind}:{value}" in by_name
    }
    told = {key.value for key in keys if key.kind == USER}
    owners = {owner.profile_id: owner for owner in _owners(set(holders.values()), told)}
    return {key: owners[profile_id] for key, profile_id in holders.items()}


def _owners(profile_ids: Collection[int], told: set[str]) -> Iterable[Owner]:
    if not profile_ids:
        return
    points: dict[int, dict[str, set[str]]] = {
        profile_id: defaultdict(set) for profile_id in profile_ids
    }
    for profile_id, kind, value in ContactPoint.objects.filter(
        profile_id__in=profile_ids
    ).values_list("profile_id", "kind", "value"):
        points[profile_id][kind].add(value)
    accounts = told.union(*(held[USER] for held in points.values()))
    closed = _closed_accounts(accounts) if len(accounts) > 1 else set()
    for profile_id, held in points.items():
        yield Owner(
            profile_id,
            accounts=frozenset(held[USER] - closed),
            emails=frozenset(held[EMAIL]),
            phones=frozenset(held[PHONE]),
        )


def _closed_accounts(user_ids: Collection[str]) -> set[str]:
    """Accounts that the shop has deleted: whoever comes back with a new one is no second person."""
    rows = CustomerCopy.objects.filter(shop_user_id__in=user_ids, deleted_at__isnull=False)
    return set(rows.values_list("shop_user_id", flat=True))


def pairs_apart(profile_ids: Collection[int]) -> frozenset[frozenset[int]]:
    """Pairs among these profiles whose merge was undone by hand."""
    rows = MergeLog.objects.filter(
        winner_id__in=profile_ids, loser_id__in=profile_ids, undone_at__isnull=False
    )
    return frozenset(frozenset(pair) for pair in rows.values_list("winner_id", "loser_id"))
