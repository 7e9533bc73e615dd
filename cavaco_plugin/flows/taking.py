"""What changes in the shop do to flows: ends, continuations, quiet timers, new people."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from cavaco_plugin.flows import inside as insiders
from cavaco_plugin.flows import queries, versions
from cavaco_plugin.flows.candidates import Candidate, OpenFlow
from cavaco_plugin.flows.engine import advance
from cavaco_plugin.flows.entering import enter
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.happenings import stimulus_of
from cavaco_plugin.flows.inside import Inside
from cavaco_plugin.flows.moves import Move, carry_out
from cavaco_plugin.flows.people import facts_of
from cavaco_plugin.flows.run import EventArrived, Stimulus
from cavaco_plugin.flows.triggers.checkout_abandoned import CheckoutAbandoned
from cavaco_plugin.profiles import operations as profiles
from cavaco_plugin.store.changes import StoreChange

# A cart's clock only goes forward: what is told late of an earlier activity sets it back never.
SET_QUIET_TIMER = """
INSERT INTO cavaco_timer (kind, flow_id, subject_id, revision, due_at) VALUES ('quiet', %s, %s, %s, %s)
ON CONFLICT (kind, flow_id, subject_id) DO UPDATE SET revision = excluded.revision, due_at = excluded.due_at
WHERE cavaco_timer.revision <= excluded.revision
"""


@transaction.atomic
def take(*, changes: Sequence[StoreChange], now: datetime) -> None:
    """Let flows follow what changed: who is inside first, then who comes in.

    Safe to repeat: an ended run does not move, and the same key lets nobody in twice. What a
    back-fill tells, or what happened before a flow was activated, lets nobody in.
    """
    people = {change.profile_id for change in changes}
    if not people:
        return
    profiles.lock(people)
    insides = insiders.lock_live(people)
    for change in changes:
        _move_those_inside(insides, change, now)
    news = [change for change in changes if not change.is_backfill]
    flows = queries.open_flows() if news else []
    candidates = [
        candidate
        for change in news
        for flow in flows
        if (candidate := _heard(flow, change)) is not None
    ]
    enter(candidates, now=now)


def _move_those_inside(insides: Sequence[Inside], change: StoreChange, now: datetime) -> None:
    theirs = [i for i in insides if i.person.id == change.profile_id and i.run.is_live]
    definitions = (
        versions.definitions_of({inside.version_id for inside in theirs}) if theirs else {}
    )
    stimuli: list[tuple[Inside, Stimulus]] = []
    for inside in theirs:
        definition = definitions[inside.version_id]
        stimulus = stimulus_of(definition, inside.run, inside.subject, change)
        if stimulus is not None:
            stimuli.append((inside, stimulus))
    # Only a step that goes on looks at facts; an end needs none.
    going_on = [inside for inside, stimulus in stimuli if isinstance(stimulus, EventArrived)]
    facts = facts_of(going_on, definitions)
    moves = []
    for inside, stimulus in stimuli:
        definition, known = definitions[inside.version_id], facts.get(inside.id, Facts())
        moved = advance(
            definition=definition, run=inside.run, stimulus=stimulus, facts=known, now=now
        )
        moves.append(Move(inside, definition, inside.run, moved))
    carry_out(moves, now=now)


def _heard(flow: OpenFlow, change: StoreChange) -> Candidate | None:
    """Who comes into the flow because of the change. A cart that was touched sets its timer."""
    trigger = flow.definition.trigger
    if change.at < flow.activated_at or not trigger.hears(change):
        return None
    if isinstance(trigger, CheckoutAbandoned):
        _set_quiet_timer(flow, trigger, change)
        return None
    entry = trigger.entry(change)
    return Candidate(flow, entry) if entry else None


def _set_quiet_timer(flow: OpenFlow, trigger: CheckoutAbandoned, change: StoreChange) -> None:
    if change.copy_id is None:
        return
    revision = int(change.data.get("revision", 0))
    with connection.cursor() as cursor:
        cursor.execute(
            SET_QUIET_TIMER, [flow.id, change.copy_id, revision, trigger.quiet_at(change.at)]
        )
