"""Wait: for a duration, until a time of day, or until a date.

{"id": "a_day", "type": "delay", "for": "PT24H", "next": "reminder"}
{"id": "next_morning", "type": "delay", "for": "P1D", "until_local_time": "10:00", "next": "thanks"}
{"id": "second_day", "type": "delay", "until_date": {"field": "trigger.at", "offset": "PT48H"}, "next": "last"}
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from cavaco_plugin.flows.durations import Duration, LocalTime, Offset, words
from cavaco_plugin.flows.facts import FactGroup, Facts
from cavaco_plugin.flows.run import EventArrived, Run, TimerFired
from cavaco_plugin.flows.steps.base import GoOn, Outcome, PassingStep, Stop, WaitUntil
from cavaco_plugin.kernel.windows import instant_of, next_local

_FIELDS = ("trigger.at", "entered_at")
_PREFIXES = ("person.traits.", "event.")
_WHOLE_DAY = timedelta(days=1)


class UntilDate(BaseModel):
    """A date written down, or a field that holds one, moved by an offset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date | None = Field(default=None, alias="date")
    source: str | None = Field(default=None, alias="field")
    offset: Offset = timedelta(0)

    @field_validator("source")
    @classmethod
    def _field_exists(cls, source: str | None) -> str | None:
        if source is None or source in _FIELDS or source.startswith(_PREFIXES):
            return source
        known = ", ".join((*_FIELDS, *(f"{prefix}…" for prefix in _PREFIXES)))
        raise _refused("unknown_field", f"{source!r} holds no date.", f"Use one of: {known}.")

    @model_validator(mode="after")
    def _one_source(self) -> "UntilDate":
        if (self.on is None) == (self.source is None):
            said = "`until_date` needs either `date` or `field`."
            raise _refused("delay_source", said, "Give exactly one of them.")
        return self


class Delay(PassingStep):
    """Wait, then go on."""

    waits = True

    type: Literal["delay"]
    duration: Duration | None = Field(default=None, alias="for")
    until_local_time: LocalTime | None = None
    until_date: UntilDate | None = None

    @model_validator(mode="after")
    def _one_way_to_wait(self) -> "Delay":
        if self.duration is not None and self.until_date is not None:
            said = "`for` and `until_date` are both given."
            raise _refused("delay_source", said, "Keep one of them.")
        if self.duration is None and self.until_date is None and self.until_local_time is None:
            said = "The delay does not say how long."
            raise _refused("delay_source", said, "Give `for`, `until_local_time` or `until_date`.")
        if self.until_local_time and self.duration and self.duration % _WHOLE_DAY:
            said = "With `until_local_time`, `for` counts days of the calendar."
            raise _refused("bad_duration", said, "Write `for` in whole days, like P1D.")
        return self

    def needs(self) -> frozenset[FactGroup]:
        """The person's zone for local times, their traits for a date among them."""
        source = (self.until_date.source or "") if self.until_date else ""
        is_local = self.until_local_time is not None or bool(self.until_date and self.until_date.on)
        return frozenset({"person"} if is_local or source.startswith("person.") else ())

    def sentence(self) -> str:
        at = f"{self.until_local_time:%H:%M} local time" if self.until_local_time else ""
        if self.duration is not None:
            return f"Wait {words(self.duration)}" + (f", then until {at}." if at else ".")
        if self.until_date is None:
            return f"Wait until {at}."
        source = self.until_date.on or self.until_date.source
        moved = f" {'minus' if self.until_date.offset < timedelta(0) else 'plus'} "
        moved = f"{moved}{words(self.until_date.offset)}" if self.until_date.offset else ""
        return f"Wait until {source}{moved}{f' at {at}' if at else ''}."


def visit(step: Delay, run: Run, facts: Facts, now: datetime) -> Outcome:
    """Wait until the moment asked for; a moment that is past is not waited for."""
    due_at = _due(step, run, facts, now)
    if due_at is None:
        missing = step.until_date.source if step.until_date else None
        return Stop(reason="no_date", action="no_date", detail={"field": missing})
    if due_at <= now:
        return GoOn(step.next, "past", {"until": due_at.isoformat()})
    return WaitUntil(due_at, "wait", {"until": due_at.isoformat()})


def resume(
    step: Delay, run: Run, stimulus: TimerFired | EventArrived, facts: Facts, now: datetime
) -> Outcome | None:
    """Go on when the timer fires. The next step's entry tells the story; this leaves none."""
    return GoOn(step.next, "go_on", is_silent=True) if isinstance(stimulus, TimerFired) else None


def _due(step: Delay, run: Run, facts: Facts, now: datetime) -> datetime | None:
    at = step.until_local_time
    if step.until_date is not None:
        return _date_due(step.until_date, at, run, facts)
    if at is None:
        return now + (step.duration or timedelta(0))
    if step.duration is not None:
        day = now.astimezone(facts.zone).date() + step.duration
        return instant_of(day=day, at=at, zone=facts.zone)
    # Round again at exactly this time of day means tomorrow's, or the flow would never rest.
    after = now if run.visits.get(step.id, 1) == 1 else now + timedelta(microseconds=1)
    return next_local(after=after, at=at, zone=facts.zone)


def _date_due(until: UntilDate, at: time | None, run: Run, facts: Facts) -> datetime | None:
    start = until.on or _field(until.source or "", run, facts)
    if start is None:
        return None
    if isinstance(start, datetime) and at is None:
        return start + until.offset
    local = start.astimezone(facts.zone) if isinstance(start, datetime) else None
    day = local.date() if local else start
    if at is None:
        return instant_of(day=day, at=time(0), zone=facts.zone) + until.offset
    moved = datetime.combine(day, at) + until.offset
    return instant_of(day=moved.date(), at=moved.time(), zone=facts.zone)


def _field(source: str, run: Run, facts: Facts) -> datetime | date | None:
    if source == "trigger.at":
        return run.triggered_at
    if source == "entered_at":
        return run.entered_at
    if source.startswith("event."):
        return _parsed(run.event.get(source.removeprefix("event.")))
    return _parsed(facts.value(source))


def _parsed(text: object) -> datetime | date | None:
    """An ISO date or date and time; a time without a zone is UTC."""
    try:
        if len(str(text)) <= len("2026-11-21"):
            return date.fromisoformat(str(text))
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refused(code: str, message: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{said}", {"said": message, "remedy": remedy})
