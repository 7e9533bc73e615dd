"""Finding a person."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

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
HELD = """
SELECT held.profile_id, held.kind, held.value FROM cavaco_contact_point held
WHERE held.profile_id IN (
    SELECT found.profile_id FROM cavaco_contact_point found
    JOIN unnest(%s::text[], %s::text[]) AS asked (kind, value)
        ON found.kind = asked.kind AND found.value = asked.value
)
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
    """The profiles that hold some of these keys, with all that they hold."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [[key.kind for key in keys], [key.value for key in keys]])
        rows = cursor.fetchall()
    points: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for profile_id, kind, value in rows:
        points[profile_id][kind].add(value)
    told = {key.value for key in keys if key.kind == USER}
    accounts = told.union(*(held[USER] for held in points.values()))
    closed = _closed_accounts(accounts) if len(accounts) > 1 else set()
    owners = {profile_id: _owner(profile_id, held, closed) for profile_id, held in points.items()}
    holders = {(kind, value): profile_id for profile_id, kind, value in rows}
    return {
        key: owners[holders[key.kind, key.value]]
        for key in keys
        if (key.kind, key.value) in holders
    }


def _owner(profile_id: int, held: Mapping[str, set[str]], closed: set[str]) -> Owner:
    return Owner(
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
    if len(profile_ids) < 2:
        return frozenset()
    rows = MergeLog.objects.filter(
        winner_id__in=profile_ids, loser_id__in=profile_ids, undone_at__isnull=False
    )
    return frozenset(frozenset(pair) for pair in rows.values_list("winner_id", "loser_id"))
