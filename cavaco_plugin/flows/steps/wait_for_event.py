"""Wait until something happens in the shop, but not for ever.

{"id": "bought", "type": "wait_for_event", "event": "order_placed", "timeout": "P3D",
 "then": "thanks", "else": "nudge"}
"""

from datetime import datetime
from typing import Literal

from pydantic import Field

from cavaco_plugin.flows.durations import Duration, words
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import EventArrived, Run, TimerFired
from cavaco_plugin.flows.steps.base import BaseStep, GoOn, Outcome, StepId, Target, WaitUntil
from cavaco_plugin.store.changes import ChangeKind


class WaitForEvent(BaseStep):
    """Wait for an event; `then` when it comes, `else` when it does not come in time."""

    waits = True

    type: Literal["wait_for_event"]
    event: ChangeKind
    timeout: Duration
    then: StepId | None = None
    otherwise: StepId | None = Field(default=None, alias="else")

    def targets(self) -> tuple[Target, ...]:
        return (("then", self.then), ("else", self.otherwise))

    def hears(self, kind: ChangeKind) -> bool:
        return kind == self.event

    def sentence(self) -> str:
        return f"Wait for {self.event.replace('_', ' ')}, at most {words(self.timeout)}."


def visit(step: WaitForEvent, run: Run, facts: Facts, now: datetime) -> Outcome:
    """Wait for the event until the time-out."""
    until = now + step.timeout
    return WaitUntil(until, "wait", {"event": step.event.value, "until": until.isoformat()})


def resume(
    step: WaitForEvent, run: Run, stimulus: TimerFired | EventArrived, facts: Facts, now: datetime
) -> Outcome | None:
    """Branch on whether the event came; another event changes nothing."""
    if isinstance(stimulus, TimerFired):
        return GoOn(step.otherwise, "timed_out", {"event": step.event.value})
    if stimulus.kind != step.event:
        return None
    return GoOn(step.then, "arrived", {"event": step.event.value, "data": dict(stimulus.data)})
