"""What every step type has, and what a visit can answer."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, ClassVar, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, StringConstraints

from cavaco_plugin.flows.effects import Effect
from cavaco_plugin.flows.facts import FactGroup, Facts
from cavaco_plugin.flows.run import EventArrived, Run, TimerFired
from cavaco_plugin.store.changes import ChangeKind

StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
# How a step looks at a target: the field that names it, and the step id or None for the end.
Target = tuple[str, str | None]


class BaseStep(BaseModel):
    """The fields, the targets and the sentence of one step."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    # Whether a run can come to rest here.
    waits: ClassVar[bool] = False

    type: str
    id: StepId

    def targets(self) -> tuple[Target, ...]:
        """Every way out, in the order an author would name them."""
        return ()

    def needs(self) -> frozenset[FactGroup]:
        """The groups of facts a visit may look at."""
        return frozenset()

    def hears(self, kind: ChangeKind) -> bool:
        """Whether a run that waits here is told of such a change in the shop."""
        return False

    def sentence(self) -> str:
        """What the step does, for people."""
        raise NotImplementedError


class PassingStep(BaseStep):
    """A step with one way on; without `next` the flow is complete."""

    next: StepId | None = None

    def targets(self) -> tuple[Target, ...]:
        return (("next", self.next),)


class GoOn(NamedTuple):
    """Go to step `to` at once; None completes the flow. `is_silent` leaves no path entry."""

    to: str | None
    action: str
    detail: Mapping[str, object] = MappingProxyType({})
    effects: tuple[Effect, ...] = ()
    is_silent: bool = False


class WaitUntil(NamedTuple):
    """Stay here until the timer fires or an event the step waits for arrives."""

    due_at: datetime
    action: str
    detail: Mapping[str, object] = MappingProxyType({})


class Stop(NamedTuple):
    """Leave the flow here."""

    reason: str
    action: str
    detail: Mapping[str, object] = MappingProxyType({})


Outcome = GoOn | WaitUntil | Stop


class Visit(Protocol):
    """What a step decides when a run comes to it. `now` is when that was due."""

    def __call__(self, step: object, run: Run, facts: Facts, now: datetime, /) -> Outcome: ...


class Resume(Protocol):
    """What a waiting step decides when something happens; None where it goes on waiting."""

    def __call__(
        self,
        step: object,
        run: Run,
        stimulus: TimerFired | EventArrived,
        facts: Facts,
        now: datetime,
        /,
    ) -> Outcome | None: ...
