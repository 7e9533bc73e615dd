"""How a run moves: a pure function of the definition, the run, what happened, the facts and now.

It stops at the first step that waits. Every decision is in the trace with its inputs, and what has
to be done about it is in the effects; `moves` carries them out in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.effects import Effect, End, SetTimer, UpdateProfile
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import (
    Cancelled,
    Entered,
    EventArrived,
    GoalReached,
    Run,
    RunState,
    Stimulus,
    TimerFired,
)
from cavaco_plugin.flows.steps import STEP_TYPES
from cavaco_plugin.flows.steps.base import BaseStep, GoOn, Stop, WaitUntil

# More steps than this without a wait are a circle.
MOST_STEPS_AT_ONCE = 200
# More visits of one step than this are a circle with a wait in it.
MOST_VISITS = 500


class TraceEntry(NamedTuple):
    """One decision: where it was made, what it was and on what."""

    step_id: str
    step_type: str
    action: str
    detail: Mapping[str, object]


class Advance(NamedTuple):
    """The run after the stimulus, what to do about it, and why."""

    run: Run
    effects: tuple[Effect, ...] = ()
    trace: tuple[TraceEntry, ...] = ()

    @property
    def has_moved(self) -> bool:
        return bool(self.effects)


@dataclass(slots=True)
class _Walk:
    """What comes together while a run goes from wait to wait."""

    definition: FlowDefinition
    run: Run
    facts: Facts
    moment: datetime
    visits: dict[str, int]
    effects: list[Effect] = field(default_factory=list)
    trace: list[TraceEntry] = field(default_factory=list)


def advance(
    *, definition: FlowDefinition, run: Run, stimulus: Stimulus, facts: Facts, now: datetime
) -> Advance:
    """Move the run as far as it goes. A stale timer and an ended run change nothing."""
    if not run.is_live:
        return Advance(run)
    match stimulus:
        case TimerFired(revision) if revision != run.revision:
            return Advance(run)
        case TimerFired() | EventArrived():
            return _resume(definition, run, stimulus, facts, now)
        case Entered(at):
            walk = _walk(definition, run, facts, min(at, now))
            return Advance(run) if run.step_id else _follow(walk, definition.start)
        case GoalReached(reason):
            return _interrupt(_walk(definition, run, facts, now), RunState.GOAL, reason)
        case Cancelled(reason):
            return _interrupt(_walk(definition, run, facts, now), RunState.EXITED, reason)


def _walk(definition: FlowDefinition, run: Run, facts: Facts, moment: datetime) -> _Walk:
    visits = dict(run.visits)
    return _Walk(definition, run._replace(visits=visits), facts, moment, visits)


def _resume(
    definition: FlowDefinition,
    run: Run,
    stimulus: TimerFired | EventArrived,
    facts: Facts,
    now: datetime,
) -> Advance:
    """Let the waiting step go on, as of the moment it was due: late is told from then."""
    is_timer = isinstance(stimulus, TimerFired)
    moment = min(run.due_at, now) if is_timer and run.due_at else now
    walk = _walk(definition, run, facts, moment)
    step = definition.by_id.get(run.step_id)
    resume = STEP_TYPES[step.type].resume if step else None
    if step is None or resume is None:
        return _fail(walk, run.step_id, "unknown_step", f"Nobody can wait at {run.step_id!r}.")
    outcome = resume(step, run, stimulus, facts, moment)
    if outcome is None:
        return Advance(run)
    if isinstance(stimulus, EventArrived):
        walk.run = walk.run._replace(event={**run.event, **stimulus.data})
    if isinstance(outcome, GoOn):
        return _follow(walk, _go_on(walk, step, outcome))
    return _stay(walk, step, outcome)


def _follow(walk: _Walk, step_id: str | None) -> Advance:
    """Go from step to step until one waits or the flow ends."""
    for _ in range(MOST_STEPS_AT_ONCE):
        if step_id is None:
            return _end(walk, RunState.COMPLETED, "completed")
        step = walk.definition.by_id.get(step_id)
        if step is None:
            return _fail(walk, step_id, "unknown_step", f"There is no step {step_id!r}.")
        visit = walk.visits[step_id] = walk.visits.get(step_id, 0) + 1
        if visit > MOST_VISITS:
            text = f"{step_id!r} was visited {MOST_VISITS} times: the flow runs in a circle."
            return _fail(walk, step_id, "visit_limit", text)
        outcome = STEP_TYPES[step.type].visit(step, walk.run, walk.facts, walk.moment)
        if not isinstance(outcome, GoOn):
            return _stay(walk, step, outcome)
        step_id = _go_on(walk, step, outcome)
    text = f"{MOST_STEPS_AT_ONCE} steps without a wait: put a delay into the circle."
    return _fail(walk, step_id or "", "step_limit", text)


def _go_on(walk: _Walk, step: BaseStep, outcome: GoOn) -> str | None:
    """Write down what the step decided; the step it leads to."""
    if not outcome.is_silent:
        walk.trace.append(TraceEntry(step.id, step.type, outcome.action, outcome.detail))
    for effect in outcome.effects:
        walk.effects.append(effect)
        if isinstance(effect, UpdateProfile):
            walk.facts = walk.facts.with_traits(effect.traits)
    return outcome.to


def _stay(walk: _Walk, step: BaseStep, outcome: WaitUntil | Stop) -> Advance:
    """Rest at the step, or end there."""
    walk.trace.append(TraceEntry(step.id, step.type, outcome.action, outcome.detail))
    if isinstance(outcome, Stop):
        return _end(walk, RunState.EXITED, outcome.reason)
    revision, due_at = walk.run.revision + 1, outcome.due_at
    run = walk.run._replace(step_id=step.id, revision=revision, due_at=due_at)
    return Advance(run, (*walk.effects, SetTimer(due_at, revision)), tuple(walk.trace))


def _end(walk: _Walk, state: RunState, reason: str) -> Advance:
    revision = walk.run.revision + 1
    run = walk.run._replace(state=state, reason=reason, revision=revision, due_at=None)
    return Advance(run, (*walk.effects, End(state, reason)), tuple(walk.trace))


def _interrupt(walk: _Walk, state: RunState, reason: str) -> Advance:
    """End the run for a reason from outside, wherever it waits."""
    action = "goal" if state is RunState.GOAL else "cancelled"
    walk.trace.append(TraceEntry(walk.run.step_id, "", action, {"reason": reason}))
    return _end(walk, state, reason)


def _fail(walk: _Walk, step_id: str, reason: str, text: str) -> Advance:
    """End a run that can not go on. What the circle wished for on the way is not done."""
    walk.effects.clear()
    walk.trace = walk.trace[:10]
    walk.trace.append(TraceEntry(step_id, "", "failed", {"reason": reason, "text": text}))
    return _end(walk, RunState.FAILED, reason)
