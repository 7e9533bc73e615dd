"""Making one profile of two, and two of one again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from cavaco_plugin.profiles.locking import lock
from cavaco_plugin.profiles.models import ContactPoint, MergeLog, Profile
from cavaco_plugin.profiles.stages import PersonStage
from cavaco_plugin.profiles.totals import recount
from cavaco_plugin.profiles.values import FIELDS, Person, joined
from cavaco_plugin.store.locks import lock_names


class CannotUndo(ValueError):
    """A merge that can not be undone; the message says why and what to do first."""


def merge(
    *, winner: Profile, loser: Profile, reason: str, stages: Sequence[PersonStage], now: datetime
) -> MergeLog:
    """Give everything of the loser's to the winner. Both are locked.

    The loser stays as a row that points to the winner, untouched otherwise, so that it can be
    given back what was its own.
    """
    before = person_of(winner)
    after = joined(before, person_of(loser))
    moved = {
        "before": _json(before),
        "after": _json(after),
        "points": _move_points(loser.pk, winner.pk),
        "stages": {
            stage.NAME: dict(stage.absorb(winner_id=winner.pk, loser_id=loser.pk, now=now))
            for stage in stages
        },
    }
    put(winner, after, now=now)
    Profile.objects.filter(pk=loser.pk).update(merged_into=winner, updated_at=now)
    recount([winner.pk, loser.pk])
    return MergeLog.objects.create(
        winner=winner, loser=loser, reason=reason, moved=moved, merged_at=now
    )


@transaction.atomic
def undo_merge(*, merge_id: int, stages: Sequence[PersonStage], now: datetime) -> Profile:
    """Give the loser back what was its own. Returns the profile that stands again.

    What happened since the merge stays with the winner, and so does every value of the winner that
    changed since. The two are never merged again by themselves.

    Raises:
        CannotUndo: there is no such merge, or another one stands before it.
    """
    log = _undoable(merge_id)
    _lock_keys(log)
    profiles = {profile.pk: profile for profile in lock([log.winner_id, log.loser_id])}
    winner, loser = profiles[log.winner_id], profiles[log.loser_id]
    log = _undoable(merge_id)
    Profile.objects.filter(pk=loser.pk).update(merged_into=None, updated_at=now)
    ContactPoint.objects.filter(pk__in=log.moved["points"], profile=winner).update(profile=loser)
    for stage in reversed(stages):
        moved = log.moved["stages"].get(stage.NAME, {})
        stage.restore(winner_id=winner.pk, loser_id=loser.pk, moved=moved, now=now)
    _put_back(winner, log.moved, now=now)
    recount([winner.pk, loser.pk])
    log.undone_at = now
    log.save(update_fields=["undone_at"])
    loser.refresh_from_db()
    return loser


def person_of(profile: Profile) -> Person:
    """The values of a profile's row."""
    return Person(**{name: getattr(profile, name) for name in FIELDS})


def put(profile: Profile, person: Person, *, now: datetime) -> None:
    """Write a person's values into the row, if they differ."""
    changed = [name for name in FIELDS if getattr(profile, name) != getattr(person, name)]
    for name in changed:
        setattr(profile, name, getattr(person, name))
    if changed:
        profile.updated_at = now
        profile.save(update_fields=[*changed, "updated_at"])


def _move_points(loser_id: int, winner_id: int) -> list[int]:
    points = ContactPoint.objects.filter(profile_id=loser_id)
    moved = list(points.order_by("pk").values_list("pk", flat=True))
    points.update(profile_id=winner_id)
    return moved


def _undoable(merge_id: int) -> MergeLog:
    log = MergeLog.objects.filter(pk=merge_id).select_related("winner", "loser").first()
    if log is None:
        raise CannotUndo(f"merge {merge_id}: there is none; take the id from the person's merges.")
    if log.undone_at is not None:
        raise CannotUndo(f"merge {merge_id}: is undone already; nothing is left to do.")
    if log.winner.erased_at or log.loser.erased_at:
        raise CannotUndo(f"merge {merge_id}: the person was erased; that is for good.")
    if log.winner.merged_into_id is not None:
        later = MergeLog.objects.filter(loser_id=log.winner_id, undone_at=None).first()
        name = later.pk if later else "of the winner"
        raise CannotUndo(f"merge {merge_id}: the winner was merged since; undo merge {name} first.")
    return log


def _lock_keys(log: MergeLog) -> None:
    """Keep out whoever would look up the person by these keys meanwhile."""
    points = ContactPoint.objects.filter(pk__in=log.moved["points"]).values_list("kind", "value")
    lock_names(f"{kind}:{value}" for kind, value in points)


def _put_back(winner: Profile, moved: Mapping[str, Mapping[str, object]], *, now: datetime) -> None:
    """The winner's own values again, but for those that changed since the merge."""
    current = _json(person_of(winner))
    put_back: dict[str, Any] = {
        name: value
        for name, value in moved["before"].items()
        if current[name] == moved["after"][name]
    }
    for name in put_back.keys() & {"paused_until", "as_of"}:
        put_back[name] = _moment(put_back[name])
    put(winner, replace(person_of(winner), **put_back), now=now)


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _json(person: Person) -> dict[str, object]:
    """As the log keeps it; moments to the microsecond, so that they come back as they were."""
    values = {name: getattr(person, name) for name in FIELDS}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
