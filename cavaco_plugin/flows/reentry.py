"""Whether somebody who was in a flow before may come in again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from cavaco_plugin.flows.durations import Duration, words


class Reentry(BaseModel):
    """The re-entry policy of a flow.

    {"mode": "once"}
    {"mode": "after_exit", "scope": "subject"}
    {"mode": "after", "local_days": 7, "anchor": "entry"}

    `local_days` counts days of the person's calendar: seven days after Monday evening is next
    Monday from midnight on. `duration` counts to the second. `scope` "subject" looks only at
    runs about the same checkout or order; "person" at all of the person's runs in the flow.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["once", "after_exit", "after"]
    scope: Literal["person", "subject"] = "person"
    local_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    duration: Duration | None = None
    anchor: Literal["entry", "exit", "last_send"] = "entry"

    @model_validator(mode="after")
    def _one_length(self) -> "Reentry":
        given = [length for length in (self.local_days, self.duration) if length is not None]
        if (self.mode == "after") != (len(given) == 1):
            said = f"Re-entry {self.mode!r} has {len(given)} lengths."
            remedy = (
                "Give `local_days` or `duration`, not both."
                if self.mode == "after"
                else "Take out `local_days` and `duration`, or set `mode` to after."
            )
            raise PydanticCustomError("reentry_length", "{said}", {"said": said, "remedy": remedy})
        return self

    def sentence(self) -> str:
        once_per = "once" if self.scope == "person" else "once for each cart or order"
        if self.mode == "once":
            return f"Each person comes in {once_per}."
        if self.mode == "after_exit":
            return "A person may come in again after leaving."
        length = words(self.duration) if self.duration else f"{self.local_days} calendar days"
        return f"A person may come in again {length} after the {self.anchor.replace('_', ' ')}."


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run the person had in the flow, live or ended."""

    entered_at: datetime
    ended_at: datetime | None = None
    last_send_at: datetime | None = None
    subject: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether the person may come in, and on what that was decided."""

    is_allowed: bool
    reason: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)


def decide(
    *,
    policy: Reentry,
    past: Iterable[PastRun],
    subject: Mapping[str, str],
    at: datetime,
    zone: ZoneInfo,
) -> Admission:
    """Whether somebody with these past runs may come in at `at`. Never while a run is live."""
    runs = [run for run in past if policy.scope == "person" or run.subject == subject]
    if any(run.ended_at is None for run in runs):
        return Admission(False, "still_inside")
    if policy.mode == "once" and runs:
        return Admission(False, "entered_before", {"entered_at": _iso(runs[0].entered_at)})
    if policy.mode == "after":
        return _after(policy, runs, at, zone)
    return Admission(True)


def _after(policy: Reentry, runs: Sequence[PastRun], at: datetime, zone: ZoneInfo) -> Admission:
    anchors = [moment for run in runs if (moment := _anchor(policy, run))]
    if not anchors:
        return Admission(True)
    anchor = max(anchors)
    if policy.local_days is not None:
        first_day = anchor.astimezone(zone).date() + timedelta(days=policy.local_days)
        is_allowed, again = at.astimezone(zone).date() >= first_day, first_day.isoformat()
    else:
        moment = anchor + (policy.duration or timedelta(0))
        is_allowed, again = at >= moment, _iso(moment)
    inputs = {policy.anchor: _iso(anchor), "again_from": again}
    return Admission(is_allowed, "" if is_allowed else "too_soon", inputs)


def _anchor(policy: Reentry, run: PastRun) -> datetime | None:
    moments = {"entry": run.entered_at, "exit": run.ended_at, "last_send": run.last_send_at}
    return moments[policy.anchor]


def _iso(moment: datetime) -> str:
    return moment.isoformat()
