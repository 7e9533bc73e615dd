"""Carrying out what the engine decided: a whole batch, in the caller's transaction."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.effects import End, SendMessage, SetTimer, UpdateProfile
from cavaco_plugin.flows.engine import Advance
from cavaco_plugin.flows.inside import Inside, context_of
from cavaco_plugin.flows.run import Run
from cavaco_plugin.kernel.keys import flow_message_key
from cavaco_plugin.outbox import operations as outbox
from cavaco_plugin.outbox.request import MessageRequest
from cavaco_plugin.profiles import operations as profiles

# One JSON document carries a batch: psycopg writes arrays by the item, in Python. One statement, so
# that the document is read once; a run whose timer fired takes that same timer along.
MOVES = """
WITH u AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(moves)s::json) AS u (
        id bigint, state text, reason text, step_id text, revision int, visits jsonb, context jsonb,
        due_at timestamptz, timer_id bigint, path json
    )
), told AS (
    INSERT INTO cavaco_path_entry (enrolment_id, revision, step_id, step_type, action, detail, at)
    SELECT u.id, u.revision, p ->> 0, p ->> 1, p ->> 2, (p -> 3)::jsonb, %(now)s
    FROM u, json_array_elements(u.path) p
), timed AS (
    UPDATE cavaco_timer t SET revision = u.revision, due_at = u.due_at FROM u
    WHERE t.id = u.timer_id AND u.due_at IS NOT NULL
)
UPDATE cavaco_enrolment e
SET state = u.state, reason = u.reason, step_id = u.step_id, revision = u.revision, visits = u.visits,
    context = coalesce(u.context, e.context), due_at = u.due_at,
    ended_at = CASE WHEN u.state <> 'live' THEN %(now)s END,
    live_key = CASE WHEN u.state = 'live' THEN e.live_key END
FROM u WHERE e.id = u.id
"""
SET_TIMERS = """
INSERT INTO cavaco_timer (kind, flow_id, subject_id, revision, due_at)
SELECT 'enrolment', * FROM json_to_recordset(%s::json) AS u (
    flow_id bigint, id bigint, revision int, due_at timestamptz
)
ON CONFLICT (kind, flow_id, subject_id)
DO UPDATE SET revision = excluded.revision, due_at = excluded.due_at
"""
DROP_TIMERS = """
DELETE FROM cavaco_timer t
USING json_to_recordset(%s::json) AS u (flow_id bigint, id bigint)
WHERE t.kind = 'enrolment' AND t.flow_id = u.flow_id AND t.subject_id = u.id
"""
PRIORITIES = {"transactional": 10, "marketing": 50}


class Move(NamedTuple):
    """One advance of one enrolment. `timer_id`: the timer that fired, held by the caller."""

    inside: Inside
    definition: FlowDefinition
    before: Run
    advance: Advance
    timer_id: int | None = None


def carry_out(moves: Sequence[Move], *, now: datetime) -> None:
    """Write the runs, their path and timers, ask for the messages, drop what became pointless.

    The people and the enrolments are locked by the caller.
    """
    moved = [move for move in moves if move.advance.has_moved]
    if not moved:
        return
    _write_runs(moved, now)
    _write_timers(moved)
    _update_people(moved, now)
    _ask_for_messages(moved, now)
    _drop_messages(moved, now)
    for move in moved:
        move.inside.run = move.advance.run


def _write_runs(moves: Sequence[Move], now: datetime) -> None:
    rows = [_row(move) for move in moves]
    with connection.cursor() as cursor:
        cursor.execute(MOVES, {"moves": json.dumps(rows, default=str), "now": now})


def _row(move: Move) -> Mapping[str, object]:
    run, _, trace = move.advance
    return {
        "id": move.inside.id,
        "state": run.state,
        "reason": run.reason,
        "step_id": run.step_id,
        "revision": run.revision,
        "visits": run.visits,
        "context": context_of(run) if run.event is not move.before.event else None,
        "due_at": run.due_at,
        "timer_id": move.timer_id,
        "path": [(*entry[:3], dict(entry.detail)) for entry in trace],
    }


def _write_timers(moves: Sequence[Move]) -> None:
    """A run that waits has exactly one timer, one that ended none."""
    to_set: list[Mapping[str, object]] = []
    to_drop: list[Mapping[str, object]] = []
    for move in moves:
        told = {"flow_id": move.inside.flow_id, "id": move.inside.id}
        last = move.advance.effects[-1]
        if not isinstance(last, SetTimer):
            to_drop.append(told)
        elif move.timer_id is None:
            to_set.append({**told, "revision": last.revision, "due_at": last.due_at})
    for statement, rows in ((SET_TIMERS, to_set), (DROP_TIMERS, to_drop)):
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(statement, [json.dumps(rows, default=str)])


def _update_people(moves: Sequence[Move], now: datetime) -> None:
    for move in moves:
        for effect in move.advance.effects:
            if isinstance(effect, UpdateProfile):
                profiles.update_traits(
                    profile_id=move.inside.person.id, traits=effect.traits, now=now
                )


def _ask_for_messages(moves: Sequence[Move], now: datetime) -> None:
    requests = [
        _request(move, effect)
        for move in moves
        for effect in move.advance.effects
        if isinstance(effect, SendMessage)
    ]
    if requests:
        outbox.admit(requests, now=now)


def _request(move: Move, message: SendMessage) -> MessageRequest:
    inside, definition = move.inside, move.definition
    priority = message.priority
    return MessageRequest(
        idempotency_key=flow_message_key(
            enrolment_id=inside.id, step_id=message.step_id, visit=message.visit
        ),
        profile_id=inside.person.id,
        channel=message.channel,
        purpose=definition.purpose,
        topic=definition.topic,
        template_key=message.template,
        origin="flow",
        due_at=message.due_at,
        expires_at=message.expires_at,
        sales_channel=inside.sales_channel,
        flow_id=inside.flow_id,
        enrolment_id=inside.id,
        step_id=message.step_id,
        subject=dict(inside.subject),
        purchase_proof_since=move.advance.run.triggered_at
        if definition.is_voided_by_purchase
        else None,
        priority=PRIORITIES[definition.purpose] if priority is None else priority,
    )


def _drop_messages(moves: Sequence[Move], now: datetime) -> None:
    """A goal or an exit from outside voids what still waits; a flow's own end does not."""
    by_reason: dict[str, list[int]] = defaultdict(list)
    for move in moves:
        last = move.advance.effects[-1]
        is_interrupted = move.advance.trace and move.advance.trace[-1].action in {
            "goal",
            "cancelled",
        }
        if isinstance(last, End) and is_interrupted:
            by_reason[last.reason].append(move.inside.id)
    for reason, enrolment_ids in by_reason.items():
        outbox.drop_for_enrolments(enrolment_ids, reason=reason, now=now)
