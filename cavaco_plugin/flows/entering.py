"""Letting people into flows: once for each key, and only as the re-entry policy allows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from cavaco_plugin.flows import enrolments, versions
from cavaco_plugin.flows import inside as insiders
from cavaco_plugin.flows.candidates import Answer, Candidate, judge
from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.engine import advance
from cavaco_plugin.flows.facts import zone_of
from cavaco_plugin.flows.inside import Inside
from cavaco_plugin.flows.moves import Move, carry_out
from cavaco_plugin.flows.people import facts_of
from cavaco_plugin.flows.run import Entered
from cavaco_plugin.flows.steps.send_message import SendMessage
from cavaco_plugin.profiles.models import Profile


def enter(candidates: Iterable[Candidate], *, now: datetime) -> int:
    """Let in who may come in, and start them. Returns how many runs began. The people are locked.

    Of several wishes of one person for one flow the newest is heard first.
    """
    begun = 0
    waiting = sorted(candidates, key=lambda candidate: candidate.entry.triggered_at, reverse=True)
    while waiting:
        turn: dict[tuple[int, int], Candidate] = {}
        for candidate in waiting:
            turn.setdefault(candidate.place, candidate)
        begun += _enter_one_each(list(turn.values()), now)
        waiting = [candidate for candidate in waiting if turn[candidate.place] is not candidate]
    return begun


def _enter_one_each(candidates: Sequence[Candidate], now: datetime) -> int:
    earlier = enrolments.earlier_of(candidates)
    zones = _zones({candidate.entry.profile_id for candidate in candidates})
    fresh: list[Candidate] = []
    again: dict[int, Candidate] = {}
    for candidate in candidates:
        if candidate.entry.profile_id not in zones:
            continue
        zone = zone_of(zones[candidate.entry.profile_id])
        answer, live_id = judge(candidate, earlier.get(candidate.place, []), zone)
        if answer is Answer.COMES_IN:
            fresh.append(candidate)
        elif live_id is not None:
            again[live_id] = candidate
    inserted = enrolments.insert(fresh, now=now)
    _start(inserted, {c.flow.version_id: c.flow.definition for c in fresh}, now)
    _meet_again(again, now)
    return len(inserted)


def _zones(profile_ids: Collection[int]) -> dict[int, str]:
    """Profile id → time zone, of those who still stand for a person."""
    rows = Profile.objects.filter(pk__in=profile_ids, erased_at=None, merged_into=None)
    return dict(rows.values_list("id", "time_zone"))


def _start(
    insides: Sequence[Inside], definitions: Mapping[int, FlowDefinition], now: datetime
) -> None:
    facts = facts_of(insides, definitions)
    moves = []
    for inside in insides:
        definition = definitions[inside.version_id]
        moved = advance(
            definition=definition,
            run=inside.run,
            stimulus=Entered(inside.run.entered_at),
            facts=facts[inside.id],
            now=now,
        )
        moves.append(Move(inside, definition, inside.run, moved))
    carry_out(moves, now=now)


def _meet_again(again: Mapping[int, Candidate], now: datetime) -> None:
    """An event about a run that lives begins it anew while it has said nothing, or adds to it."""
    insides = insiders.lock_these(again)
    definitions = versions.definitions_of({inside.version_id for inside in insides})
    anew = []
    for inside in insides:
        entry, definition = again[inside.id].entry, definitions[inside.version_id]
        is_newer = entry.triggered_at > inside.run.triggered_at
        if definition.trigger.restarts and is_newer and not _has_spoken(inside, definition):
            if enrolments.begin_anew(inside, entry, now=now):
                anew.append(inside)
        elif entry.event and dict(entry.subject) == dict(inside.subject):
            enrolments.keep_event(inside, entry)
    _start(anew, definitions, now)


def _has_spoken(inside: Inside, definition: FlowDefinition) -> bool:
    """Whether the run has asked for a message."""
    steps = definition.by_id
    return any(isinstance(steps.get(step_id), SendMessage) for step_id in inside.run.visits)
