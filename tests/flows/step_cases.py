"""The cases in `data/<step type>.json`, and what playing one gives."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from cavaco_plugin.flows import definition
from cavaco_plugin.flows.effects import Effect
from cavaco_plugin.flows.engine import Advance, advance
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import (
    Cancelled,
    Entered,
    EventArrived,
    GoalReached,
    Run,
    Stimulus,
    TimerFired,
)

DATA = Path(__file__).parent / "data"
MOMENTS = {"at", "due_at", "triggered_at", "entered_at", "expires_at"}
STIMULI = {
    kind.__name__: kind for kind in (Entered, TimerFired, EventArrived, GoalReached, Cancelled)
}


def cases_of(step_type: str) -> list[dict[str, Any]]:
    return json.loads((DATA / f"{step_type}.json").read_text("utf-8"))["cases"]


def every_case() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(DATA.glob("*.json")):
        for case in cases_of(file.stem):
            yield file.stem, case


def play(case: dict[str, Any]) -> dict[str, Any]:
    """What the engine makes of a case, in the words of the file."""
    before = Run(
        **_values({"triggered_at": case["now"], "entered_at": case["now"]} | case.get("run", {}))
    )
    moved = advance(
        definition=flow_of(case["steps"]),
        run=before,
        stimulus=_stimulus(case.get("stimulus", {"Entered": {"at": case["now"]}})),
        facts=Facts(**case.get("facts", {})),
        now=datetime.fromisoformat(case["now"]),
    )
    return {"run": _changed(before, moved.run), "effects": _effects(moved), "trace": _trace(moved)}


def flow_of(steps: list[dict[str, Any]], **fields_: Any) -> definition.FlowDefinition:
    """A flow of just these steps, from the first on."""
    document = {
        "schema": 1,
        "name": "A flow",
        "topic": "newsletter",
        "trigger": {"type": "consent_granted"},
        "start": steps[0]["id"],
        "steps": steps,
    }
    return definition.parse(document | fields_)


def _stimulus(told: dict[str, Any]) -> Stimulus:
    ((name, values),) = told.items()
    return STIMULI[name](**_values(values))


def _values(told: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in MOMENTS and value else value
        for name, value in told.items()
    }


def _changed(before: Run, after: Run) -> dict[str, Any]:
    names = Run._fields
    return {
        name: _plain(getattr(after, name))
        for name in names
        if getattr(after, name) != getattr(before, name)
    }


def _effects(moved: Advance) -> list[dict[str, Any]]:
    return [{type(effect).__name__: _effect(effect)} for effect in moved.effects]


def _effect(effect: Effect) -> dict[str, Any]:
    values = {field.name: _plain(getattr(effect, field.name)) for field in fields(effect)}
    return {name: value for name, value in values.items() if value is not None}


def _trace(moved: Advance) -> list[list[Any]]:
    return [[entry.step_id, entry.action, _plain(dict(entry.detail))] for entry in moved.trace]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value
