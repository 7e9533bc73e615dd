"""The people inside flows, read and locked by the batch."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from cavaco_plugin.flows.run import Run, RunState

COLUMNS = """
SELECT e.id, e.flow_id, f.key, e.version_id, e.profile_id, e.state, e.reason, e.step_id, e.revision,
       e.visits, e.subject, e.context, e.sales_channel, e.entered_at, e.due_at,
       p.public_id, p.language, p.country, p.time_zone, p.traits, p.orders_count, p.orders_total,
       p.erased_at IS NOT NULL
FROM cavaco_enrolment e
JOIN cavaco_profile p ON p.id = e.profile_id
JOIN cavaco_flow f ON f.id = e.flow_id
"""
# A timer is held while this runs, so it must not wait for a person: who is locked comes next time.
FREE = COLUMNS + "WHERE e.id = ANY(%s) FOR NO KEY UPDATE OF e, p SKIP LOCKED"
# Called with the people locked.
LIVE = COLUMNS + (
    "WHERE e.profile_id = ANY(%s) AND e.state = 'live' ORDER BY e.id FOR NO KEY UPDATE OF e"
)
THESE = COLUMNS + "WHERE e.id = ANY(%s) ORDER BY e.id FOR NO KEY UPDATE OF e"


@dataclass(frozen=True, slots=True)
class Person:
    """The profile's row, as far as facts need it."""

    id: int
    public_id: str
    language: str
    country: str
    time_zone: str
    traits: Mapping[str, object]
    orders_count: int
    orders_total: Mapping[str, str]
    is_erased: bool = False


@dataclass(slots=True)
class Inside:
    """One enrolment with its person. `run` moves on with each advance."""

    id: int
    flow_id: int
    version_id: int
    person: Person
    run: Run
    subject: Mapping[str, str] = field(default_factory=dict)
    sales_channel: str = ""


def lock_free(enrolment_ids: Collection[int]) -> list[Inside]:
    """Those of these enrolments that nobody else holds now, locked with their people."""
    return _read(FREE, enrolment_ids)


def lock_live(profile_ids: Collection[int]) -> list[Inside]:
    """All live enrolments of these people, locked. The people are locked already."""
    return _read(LIVE, profile_ids)


def lock_these(enrolment_ids: Collection[int]) -> list[Inside]:
    """These enrolments, locked. Their people are locked already."""
    return _read(THESE, enrolment_ids)


def _read(statement: str, ids: Collection[int]) -> list[Inside]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return [_inside(row) for row in cursor.fetchall()]


def _inside(row: Sequence[Any]) -> Inside:
    (
        enrolment_id,
        flow_id,
        flow_key,
        version_id,
        profile_id,
        state,
        reason,
        step_id,
        revision,
        visits,
        subject,
        context,
        sales_channel,
        entered_at,
        due_at,
        public_id,
        language,
        country,
        time_zone,
        traits,
        orders_count,
        orders_total,
        is_erased,
    ) = row
    told = _json(context)
    run = Run(
        triggered_at=_moment(told.get("triggered_at"), entered_at),
        entered_at=entered_at,
        flow_key=flow_key,
        state=RunState(state),
        reason=reason,
        step_id=step_id,
        revision=revision,
        visits=_json(visits),
        due_at=due_at,
        event=told.get("event", {}),
    )
    person = Person(
        profile_id,
        public_id,
        language,
        country,
        time_zone,
        _json(traits),
        orders_count,
        _json(orders_total),
        is_erased,
    )
    return Inside(enrolment_id, flow_id, version_id, person, run, _json(subject), sales_channel)


def context_of(run: Run) -> dict[str, object]:
    """What of a run is kept in the enrolment's `context`."""
    return {"triggered_at": run.triggered_at.isoformat(), "event": dict(run.event)}


def _moment(text: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else otherwise


def _json(value: Any) -> Any:
    """A JSON column: text from a plain cursor."""
    return json.loads(value) if isinstance(value, str) else value
