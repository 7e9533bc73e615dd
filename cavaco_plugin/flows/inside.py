"""The people inside flows, read and locked by the batch."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from cavaco_plugin.flows.run import Run, RunState

# Each row comes as one JSON text, which is read several times faster than its columns one by one.
COLUMNS = """
SELECT json_build_array(
    e.id, e.flow_id, e.version_id, e.subject, e.sales_channel,
    f.key, e.state, e.reason, e.step_id, e.revision, e.visits, e.context, e.entered_at, e.due_at,
    p.id, p.public_id, p.language, p.country, p.time_zone, p.traits, p.orders_count, p.orders_total,
    p.erased_at IS NOT NULL
)::text
FROM cavaco_enrolment e
JOIN cavaco_profile p ON p.id = e.profile_id
JOIN cavaco_flow f ON f.id = e.flow_id
"""
# A timer is held while this runs, so it must not wait for a person: who is locked comes next time.
FREE = COLUMNS + "WHERE e.id = ANY(%s::bigint[]) FOR NO KEY UPDATE OF e, p SKIP LOCKED"
# Called with the people locked.
LIVE = COLUMNS + (
    "WHERE e.profile_id = ANY(%s::bigint[]) AND e.state = 'live' ORDER BY e.id FOR NO KEY UPDATE OF e"
)
THESE = COLUMNS + "WHERE e.id = ANY(%s::bigint[]) ORDER BY e.id FOR NO KEY UPDATE OF e"


class Person(NamedTuple):
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
        cursor.execute(statement, [f"{{{','.join(map(str, ids))}}}"])
        return [_inside(json.loads(row[0])) for row in cursor.fetchall()]


def _inside(row: Sequence[Any]) -> Inside:
    enrolment_id, flow_id, version_id, subject, sales_channel, *told = row
    return Inside(
        enrolment_id,
        flow_id,
        version_id,
        Person(*told[9:]),
        _run(*told[:9]),
        subject,
        sales_channel,
    )


def _run(
    flow_key: str,
    state: str,
    reason: str,
    step_id: str,
    revision: int,
    visits: Mapping[str, int],
    context: Mapping[str, Any],
    entered_at: str,
    due_at: str | None,
) -> Run:
    entered = datetime.fromisoformat(entered_at)
    triggered_at = context.get("triggered_at")
    return Run(
        triggered_at=datetime.fromisoformat(triggered_at) if triggered_at else entered,
        entered_at=entered,
        flow_key=flow_key,
        state=RunState(state),
        reason=reason,
        step_id=step_id,
        revision=revision,
        visits=visits,
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        event=context.get("event", {}),
    )


def context_of(run: Run) -> dict[str, object]:
    """What of a run is kept in the enrolment's `context`."""
    return {"triggered_at": run.triggered_at.isoformat(), "event": dict(run.event)}
