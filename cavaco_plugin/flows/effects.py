"""What the engine wants done. It does nothing itself; `moves` carries these out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cavaco_plugin.flows.run import RunState


@dataclass(frozen=True, slots=True)
class SetTimer:
    due_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class SendMessage:
    """`visit` tells the second message of a step in a loop from a repeat of the first."""

    step_id: str
    visit: int
    template: str
    channel: str
    due_at: datetime
    expires_at: datetime
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class UpdateProfile:
    traits: Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class End:
    state: RunState
    reason: str


Effect = SetTimer | SendMessage | UpdateProfile | End
