"""The lock on a person: every change of what they may get takes it first."""

from collections.abc import Collection

from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.profiles.queries import family, standing_id


class PersonMoved(RuntimeError):
    """A profile was merged, separated or erased between finding it and locking it."""


def lock(profile_ids: Collection[int]) -> list[Profile]:
    """Hold these profiles until the transaction ends, taken in the order of their ids.

    It keeps out everybody else who locks them, and nobody who only refers to them by a foreign key.
    """
    rows = Profile.objects.select_for_update(no_key=True)
    return list(rows.filter(pk__in=set(profile_ids)).order_by("pk"))


def lock_standing(
    profile_ids: Collection[int], *, also: Collection[int] = ()
) -> dict[int, Profile]:
    """The same for profiles that must still stand for a person, and others beside them.

    Call it in a savepoint of its own: rolling that back lets go of the locks.

    Raises:
        PersonMoved: one of `profile_ids` stands for nobody any more.
    """
    rows = {profile.pk: profile for profile in lock({*profile_ids, *also})}
    standing = {pk for pk, row in rows.items() if not row.merged_into_id and not row.erased_at}
    if not standing.issuperset(profile_ids):
        raise PersonMoved(PersonMoved.__doc__)
    return rows


def lock_family(profile_id: int) -> list[Profile]:
    """Hold a person under all the profiles they ever had. Call it inside a transaction."""
    ids: list[int] = []
    rows: list[Profile] = []
    while (found := family(standing_id(profile_id))) != ids:
        ids, rows = found, lock(found)
    return rows
