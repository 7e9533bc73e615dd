"""Carrying out what the engine decided: a whole batch, in the caller's transaction."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

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

ENROLMENTS = """
UPDATE cavaco_enrolment e
SET state = u.state, reason = u.reason, step_id = u.step_id, revision = u.revision,
    visits = u.visits::jsonb, context = coalesce(u.context::jsonb, e.context), due_at = u.due_at,
    ended_at = u.ended_at, live_key = CASE WHEN u.state = 'live' THEN e.live_key END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::int[], %s::text[], %s::text[],
            %s::timestamptz[], %s::timestamptz[])
    AS u (id, state, reason, step_id, revision, visits, context, due_at, ended_at)
WHERE e.id = u.id
"""
PATH = """
INSERT INTO cavaco_path_entry (enrolment_id, revision, step_id, step_type, action, detail, at)
SELECT id, revision, step_id, step_type, action, detail::jsonb, %s
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS u (id, revision, step_id, step_type, action, detail)
"""
SET_TIMERS = """
INSERT INTO cavaco_timer (kind, flow_id, subject_id, revision, due_at)
SELECT 'enrolment', * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[])
ON CONFLICT (kind, flow_id, subject_id)
DO UPDATE SET revision = excluded.revision, due_at = excluded.due_at
"""
MOVE_TIMERS = """
UPDATE cavaco_timer t SET revision = u.revision, due_at = u.due_at
FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS u (id, revision, due_at)
WHERE t.id = u.id
"""
DROP_TIMERS = """
DELETE FROM cavaco_timer t USING unnest(%s::bigint[], %s::bigint[]) AS u (flow_id, subject_id)
WHERE t.kind = 'enrolment' AND t.flow_id = u.flow_id AND t.subject_id = u.subject_id
"""
PRIORITIES = {"transactional": 10, "marketing": 50}


@dataclass(frozen=True, slots=True)
class Move:
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
    _write_path(moved, now)
    _write_timers(moved)
    _update_people(moved, now)
    _ask_for_messages(moved, now)
    _drop_messages(moved, now)
    for move in moved:
        move.inside.run = move.advance.run


def _execute(statement: str, rows: Iterable[Sequence[object]], *first: datetime) -> None:
    columns: list[list[object]] = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*first, *columns])


def _write_runs(moves: Sequence[Move], now: datetime) -> None:
    _execute(ENROLMENTS, [_run_row(move, now) for move in moves])


def _run_row(move: Move, now: datetime) -> Sequence[object]:
    run = move.advance.run
    return (
        move.inside.id,
        run.state.value,
        run.reason,
        run.step_id,
        run.revision,
        json.dumps(run.visits),
        json.dumps(context_of(run)) if run.event is not move.before.event else None,
        run.due_at,
        None if run.is_live else now,
    )


def _write_path(moves: Sequence[Move], now: datetime) -> None:
    rows = [
        (
            move.inside.id,
            move.advance.run.revision,
            entry.step_id,
            entry.step_type,
            entry.action,
            json.dumps(entry.detail, default=str),
        )
        for move in moves
        for entry in move.advance.trace
    ]
    _execute(PATH, rows, now)


def _write_timers(moves: Sequence[Move]) -> None:
    """A run that waits has exactly one timer, one that ended none."""
    to_set, to_move, to_drop = [], [], []
    for move in moves:
        last = move.advance.effects[-1]
        if isinstance(last, SetTimer) and move.timer_id is not None:
            to_move.append((move.timer_id, last.revision, last.due_at))
        elif isinstance(last, SetTimer):
            to_set.append((move.inside.flow_id, move.inside.id, last.revision, last.due_at))
        else:
            to_drop.append((move.inside.flow_id, move.inside.id))
    _execute(SET_TIMERS, to_set)
    _execute(MOVE_TIMERS, to_move)
    _execute(DROP_TIMERS, to_drop)


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
