"""One person's way through a flow as the engine sees it, and what can happen to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class RunState(StrEnum):
    LIVE = "live"
    COMPLETED = "completed"
    GOAL = "goal"
    EXITED = "exited"
    FAILED = "failed"


class Run(NamedTuple):
    """Where somebody is. A tuple, for thousands are made in a second.

    Attributes:
        flow_key: names the flow for ever; decides splits.
        step_id: the step that waits; "" before the first step.
        revision: grows with every move; a timer set for an older one is stale.
        visits: step id → how often the run came there.
        triggered_at: when the thing happened that let the person in.
        due_at: when the waiting step wants to go on.
        event: data of the event that let the person in, and of those waited for since.
    """

    triggered_at: datetime
    entered_at: datetime
    flow_key: str = ""
    state: RunState = RunState.LIVE
    reason: str = ""
    step_id: str = ""
    revision: int = 0
    visits: Mapping[str, int] = MappingProxyType({})
    due_at: datetime | None = None
    event: Mapping[str, str] = MappingProxyType({})

    @property
    def is_live(self) -> bool:
        return self.state == RunState.LIVE


@dataclass(frozen=True, slots=True)
class Entered:
    """The person comes in. `at` is when that was due, which may be a while ago."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The time a step waited for has come, as far as the timer knows."""

    revision: int


@dataclass(frozen=True, slots=True)
class EventArrived:
    """Something happened that a step may wait for."""

    kind: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoalReached:
    """What the flow is for has happened."""

    reason: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The reason for the flow is gone."""

    reason: str


Stimulus = Entered | TimerFired | EventArrived | GoalReached | Cancelled
