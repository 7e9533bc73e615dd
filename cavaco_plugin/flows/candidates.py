"""Who would come into a flow, and what their earlier runs say to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.reentry import PastRun, decide


@dataclass(frozen=True, slots=True)
class OpenFlow:
    """An active flow as its triggers need it."""

    id: int
    version_id: int
    activated_at: datetime
    definition: FlowDefinition


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who would come into a flow."""

    flow: OpenFlow
    entry: Entry

    @property
    def place(self) -> tuple[int, int]:
        return self.flow.id, self.entry.profile_id

    @property
    def live_key(self) -> str:
        """Names what a person may be inside for only once at a time."""
        if self.flow.definition.reentry_policy.scope == "person":
            return f"{self.flow.definition.trigger.family}:{self.entry.profile_id}"
        about = sorted(self.entry.subject.items())
        return "|".join(f"{kind}:{name}" for kind, name in about) or self.entry.key


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """A run the person has or had in the flow."""

    id: int
    entry_key: str
    live_key: str | None
    past: PastRun

    @property
    def is_live(self) -> bool:
        return self.past.ended_at is None


class Answer(Enum):
    """What becomes of a candidate."""

    COMES_IN = "comes in"
    # The event is about a run that lives.
    MEETS_AGAIN = "meets again"
    STAYS_OUT = "stays out"


def judge(
    candidate: Candidate, earlier: Sequence[EarlierRun], zone: ZoneInfo
) -> tuple[Answer, int | None]:
    """Whether the candidate comes in; with the id of the live run that the event is about."""
    same_key = next((run for run in earlier if run.entry_key == candidate.entry.key), None)
    live = next((r for r in earlier if r.is_live and r.live_key == candidate.live_key), None)
    if same_key is not None:
        live = same_key if same_key.is_live else None
    if live is not None:
        return Answer.MEETS_AGAIN, live.id
    if same_key is not None:
        return Answer.STAYS_OUT, None
    admission = decide(
        policy=candidate.flow.definition.reentry_policy,
        past=[run.past for run in earlier],
        subject=candidate.entry.subject,
        at=candidate.entry.at,
        zone=zone,
    )
    return (Answer.COMES_IN if admission.is_allowed else Answer.STAYS_OUT), None
