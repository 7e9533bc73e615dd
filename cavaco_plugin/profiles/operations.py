"""Knowing people: finding or making the profile, keeping it true, merging and separating."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from cavaco_plugin.kernel.storable import fault_in
from cavaco_plugin.profiles import contact_points, queries
from cavaco_plugin.profiles.identity import EMAIL, Key, Plan, keys_of, resolve
from cavaco_plugin.profiles.locking import PersonMoved, lock, lock_family, lock_standing
from cavaco_plugin.profiles.merging import CannotUndo, merge, person_of, put, undo_merge
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.profiles.normalise import normalise_language, time_zone
from cavaco_plugin.profiles.queries import family, standing_id
from cavaco_plugin.profiles.stages import PersonStage
from cavaco_plugin.profiles.totals import recount
from cavaco_plugin.profiles.values import Person, told
from cavaco_plugin.store.locks import lock_names
from cavaco_plugin.store.models import CheckoutCopy
from cavaco_plugin.store.shop import time_zone_of
from cavaco_plugin.store.snapshots import AnySnapshot, CustomerSnapshot, OrderSnapshot

__all__ = [
    "CannotUndo",
    "InvalidTrait",
    "family",
    "identify",
    "lock",
    "lock_family",
    "standing_id",
    "undo_merge",
    "update_totals",
    "update_traits",
]

_TRAIT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TRIES = 5


class InvalidTrait(ValueError):
    """A trait that can not be kept; the message names it and the remedy."""


def identify(
    *, snapshot: AnySnapshot | None, stages: Sequence[PersonStage], now: datetime
) -> Profile | None:
    """The person behind a snapshot, locked, with what it tells about them; None if it names nobody.

    Finds the profiles that hold the user id, the e-mail address or the phone number, makes one of
    them (see `identity`), or makes a new one. Two workers that meet a new person at once make one
    profile: they take turns at the keys.
    """
    keys = keys_of(snapshot.buyer) if snapshot else ()
    if snapshot is None or not keys:
        return None
    lock_names(key.name for key in keys)
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _identify(snapshot, keys, stages, now)
        except PersonMoved:
            continue
    raise PersonMoved(PersonMoved.__doc__)


def _identify(
    snapshot: AnySnapshot, keys: Sequence[Key], stages: Sequence[PersonStage], now: datetime
) -> Profile:
    owners = queries.owners_of(keys)
    plan = resolve(
        keys,
        owners,
        apart=queries.pairs_apart({owner.profile_id for owner in owners.values()}),
        is_own_account=bool(_proved(keys, snapshot)),
    )
    locked = _lock_all(plan, {owner.profile_id for owner in owners.values()}, snapshot)
    winner = locked[plan.winner] if plan.winner else _new_profile(now)
    for loser_id in plan.losers:
        reason = f"{snapshot.__class__.__name__}: " + ", ".join(key.kind for key in keys)
        merge(winner=winner, loser=locked[loser_id], reason=reason, stages=stages, now=now)
    contact_points.attach(winner.pk, plan.attach, at=snapshot.updated_at)
    proved = _proved(keys, snapshot)
    contact_points.touch(winner.pk, keys, proved=proved, at=snapshot.updated_at)
    put(winner, told(person_of(winner), _said(snapshot)), now=now)
    return winner


def _lock_all(plan: Plan, owner_ids: set[int], snapshot: AnySnapshot) -> dict[int, Profile]:
    """Everybody the snapshot may move, in one go and so in order: also who began the checkout."""
    standing = {*plan.losers, *([plan.winner] if plan.winner else [])}
    bystanders = owner_ids - standing
    if isinstance(snapshot, OrderSnapshot) and snapshot.checkout_token:
        copies = CheckoutCopy.objects.filter(token=snapshot.checkout_token)
        bystanders |= set(copies.exclude(profile=None).values_list("profile_id", flat=True))
    return lock_standing(standing, also=bystanders)


def _new_profile(now: datetime) -> Profile:
    return Profile.objects.create(created_at=now, updated_at=now)


def _proved(keys: Sequence[Key], snapshot: AnySnapshot) -> tuple[Key, ...]:
    """The address that a confirmed account has proved to be its own."""
    if not isinstance(snapshot, CustomerSnapshot) or not snapshot.is_confirmed:
        return ()
    return tuple(key for key in keys if key.kind == EMAIL)


def _said(snapshot: AnySnapshot) -> Person:
    """What a snapshot says about the person."""
    buyer = snapshot.buyer
    phone = next((key.value for key in keys_of(buyer) if key.kind == "phone"), "")
    place = {"country": buyer.country, "area": buyer.country_area, "postal_code": buyer.postal_code}
    guess = time_zone(phone=phone, **place)
    if not guess.source:
        guess = time_zone(sales_channel_zone=time_zone_of(getattr(snapshot, "sales_channel", "")))
    return Person(
        first_name=buyer.first_name.strip(),
        last_name=buyer.last_name.strip(),
        language=normalise_language(buyer.language),
        country=buyer.country.upper(),
        time_zone=guess.name,
        time_zone_source=guess.source,
        as_of=snapshot.updated_at,
    )


def update_totals(*, profile: Profile | None, snapshot: AnySnapshot | None) -> None:
    """Count the person's orders again after one of them changed."""
    if profile is not None and isinstance(snapshot, OrderSnapshot):
        recount([profile.pk])


@transaction.atomic
def update_traits(*, profile_id: int, traits: Mapping[str, object], now: datetime) -> None:
    """Set traits of a person; None removes one.

    Raises:
        InvalidTrait: a name is not lower-case letters, digits and underscores, or a value is not
            a text, a number, a truth value or a list of texts.
    """
    for name, value in traits.items():
        _check_trait(name, value)
    for profile in lock([profile_id]):
        kept = {**profile.traits, **traits}
        profile.traits = {name: value for name, value in kept.items() if value is not None}
        profile.updated_at = now
        profile.save(update_fields=["traits", "updated_at"])


def _check_trait(name: str, value: object) -> None:
    if not _TRAIT.fullmatch(name):
        raise InvalidTrait(
            f"trait {name!r}: use a lower-case letter, then letters, digits and underscores."
        )
    if fault := fault_in(value):
        raise InvalidTrait(f"trait {name}: {fault.message} {fault.remedy}")
    is_list = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if not (value is None or isinstance(value, str | bool | int | float) or is_list):
        raise InvalidTrait(
            f"trait {name}: {type(value).__name__} can not be kept;"
            " give a text, a number, true, false or a list of texts."
        )
