"""A person's ways through flows when people are merged, separated, exported or erased."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from cavaco_plugin.flows import inside as insiders
from cavaco_plugin.flows import versions
from cavaco_plugin.flows.engine import advance
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.models import Enrolment, PathEntry
from cavaco_plugin.flows.moves import Move, carry_out
from cavaco_plugin.flows.run import Cancelled
from cavaco_plugin.flows.triggers import TRIGGER_TYPES
from cavaco_plugin.policy import reasons

NAME = "flows"
# Two people who were inside one flow turned out to be one.
MERGED: Final = "merged"


def absorb(*, winner_id: int, loser_id: int, now: datetime) -> Mapping[str, object]:
    """The loser's runs become the winner's. Where both are inside, who came later leaves."""
    _end(_doubles(winner_id, loser_id), reason=MERGED, now=now)
    rows = list(Enrolment.objects.filter(profile_id=loser_id).order_by("id"))
    _give([row.pk for row in rows], giver_id=loser_id, taker_id=winner_id)
    return {"enrolments": [row.pk for row in rows]}


def restore(*, winner_id: int, loser_id: int, moved: Mapping[str, Any], now: datetime) -> None:
    """Give the runs back; one that ended because of the merge stays ended."""
    _give(moved.get("enrolments", []), giver_id=winner_id, taker_id=loser_id)


def export(*, profile_ids: Sequence[int]) -> Mapping[str, object]:
    """Every run with its path."""
    rows = (
        Enrolment.objects.filter(profile_id__in=profile_ids)
        .select_related("flow")
        .prefetch_related("path")
        .order_by("id")
    )
    return {"enrolments": [_told(row) for row in rows]}


def erase(*, profile_ids: Sequence[int], now: datetime) -> None:
    """End what is live and forget what runs were about; that there were runs still counts."""
    live = Enrolment.objects.filter(profile_id__in=profile_ids, state=Enrolment.State.LIVE)
    _end(live.order_by("id").values_list("id", flat=True), reason=reasons.ERASED, now=now)
    rows = Enrolment.objects.filter(profile_id__in=profile_ids)
    PathEntry.objects.filter(enrolment__profile_id__in=profile_ids).update(detail={})
    for row in rows.exclude(entry_key__startswith="erased:"):
        row.entry_key, row.subject, row.context = f"erased:{row.pk}", {}, {}
        row.save(update_fields=["entry_key", "subject", "context"])


def _person_keys(profile_id: int) -> dict[str, str]:
    """Family of triggers → the live key of a run of which a person has one at a time."""
    families = {trigger.family for trigger in TRIGGER_TYPES.values()}
    return {family: f"{family}:{profile_id}" for family in families}


def _doubles(winner_id: int, loser_id: int) -> list[int]:
    """Of two live runs for one place, the one begun later."""
    mine, theirs = _person_keys(winner_id), _person_keys(loser_id)
    places: dict[tuple[int, str], list[int]] = {}
    rows = Enrolment.objects.filter(live_key__in=[*mine.values(), *theirs.values()])
    for row in rows.order_by("entered_at", "id"):
        family = str(row.live_key).rpartition(":")[0]
        places.setdefault((row.flow_id, family), []).append(row.pk)
    return [pk for runs in places.values() for pk in runs[1:]]


def _give(enrolment_ids: Sequence[int], *, giver_id: int, taker_id: int) -> None:
    rows = Enrolment.objects.filter(pk__in=enrolment_ids, profile_id=giver_id)
    taken = _person_keys(taker_id)
    for family, key in _person_keys(giver_id).items():
        rows.filter(live_key=key).update(live_key=taken[family])
    rows.update(profile_id=taker_id)


def _end(enrolment_ids: Iterable[int], *, reason: str, now: datetime) -> None:
    insides = insiders.lock_these(list(enrolment_ids))
    definitions = versions.definitions_of({inside.version_id for inside in insides})
    moves = []
    for inside in insides:
        definition = definitions[inside.version_id]
        moved = advance(
            definition=definition,
            run=inside.run,
            stimulus=Cancelled(reason),
            facts=Facts(),
            now=now,
        )
        moves.append(Move(inside, definition, inside.run, moved))
    carry_out(moves, now=now)


def _told(row: Enrolment) -> dict[str, object]:
    return {
        "flow": row.flow.key,
        "state": row.state,
        "reason": row.reason,
        "entered_at": row.entered_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "subject": row.subject,
        "path": [
            {
                "step": entry.step_id,
                "action": entry.action,
                "detail": entry.detail,
                "at": entry.at.isoformat(),
            }
            for entry in sorted(row.path.all(), key=lambda entry: entry.pk)
        ],
    }
