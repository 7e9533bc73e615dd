"""The clock of the flows: finds the timers that are due and moves who they are for.

One batch is one transaction: claim timers, lock their people and runs, load the facts, decide in
Python, write everything. Timers and people that another worker holds are left for later.
"""

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import Error as DatabaseError
from django.db import transaction

from cavaco_plugin.flows import inside as insiders
from cavaco_plugin.flows import versions
from cavaco_plugin.flows.due import ClaimedTimer, claim, drop, put_off
from cavaco_plugin.flows.engine import advance
from cavaco_plugin.flows.models import Enrolment, Flow, Timer
from cavaco_plugin.flows.moves import Move, carry_out
from cavaco_plugin.flows.people import facts_of
from cavaco_plugin.flows.quiet import fire_quiet
from cavaco_plugin.flows.run import Cancelled, Stimulus, TimerFired
from cavaco_plugin.flows.watermark import Watermark
from cavaco_plugin.policy import reasons

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
# Activating a paused flow puts its timers back, so this only keeps them out of the way.
PAUSED_FOR = timedelta(hours=1)
AFTER_AN_ERROR = timedelta(minutes=10)

_watermark = Watermark()


class _Batch(NamedTuple):
    """How many due timers a batch found, and with how many it is done."""

    claimed: int
    fired: int


def fire_due(*, now: datetime, limit: int = MOST_AT_ONCE) -> int:
    """Fire up to `limit` due timers. Returns how many; those of people held elsewhere do not count.

    Workers may call it at the same time: each timer fires once.
    """
    _watermark.start(now=now)
    claimed = fired = 0
    while claimed < limit:
        most = min(limit - claimed, MOST_AT_ONCE)
        batch = _fire(now, most)
        claimed, fired = claimed + batch.claimed, fired + batch.fired
        if batch.claimed < most:
            break
    return fired


def _fire(now: datetime, most: int) -> _Batch:
    """Fire one batch. A timer that breaks its batch is found, told of, and put off."""
    try:
        with _collector_at_rest(), transaction.atomic():
            return _fire_batch(now, most)
    except DatabaseError:
        raise
    except Exception:
        if most > 1:
            return _fire_one_by_one(now, most)
        logger.exception("a timer could not be fired and was put off")
        with transaction.atomic():
            broken = claim(now=now, limit=1, start=_watermark.position)
            put_off(broken, to=now + AFTER_AN_ERROR)
        return _Batch(1, 1)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No garbage collection during a batch.

    Its thousands of objects all live until its end; looking for dead ones among them meanwhile took
    a third of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _fire_one_by_one(now: datetime, most: int) -> _Batch:
    fired = 0
    while fired < most and _fire(now, 1).fired:
        fired += 1
    return _Batch(fired, fired)


def _fire_batch(now: datetime, most: int) -> _Batch:
    claimed = claim(now=now, limit=most, start=_watermark.position)
    if not claimed:
        return _Batch(0, 0)
    paused = _paused({timer.flow_id for timer in claimed})
    put_off([timer for timer in claimed if timer.flow_id in paused], to=now + PAUSED_FOR)
    open_ = [timer for timer in claimed if timer.flow_id not in paused]
    left = _fire_enrolments([t for t in open_ if t.kind == Timer.Kind.ENROLMENT], now)
    left += fire_quiet([t for t in open_ if t.kind == Timer.Kind.QUIET], now=now)
    _watermark.move(to=claimed[-1].due_at)
    return _Batch(len(claimed), len(claimed) - left)


def _paused(flow_ids: set[int]) -> set[int]:
    rows = Flow.objects.filter(pk__in=flow_ids).exclude(status=Flow.Status.ACTIVE)
    return set(rows.values_list("id", flat=True))


def _fire_enrolments(timers: Sequence[ClaimedTimer], now: datetime) -> int:
    """Move the runs whose timers are still meant; the others' timers go quietly.

    Returns how many were left alone because somebody else holds their people.
    """
    by_subject = {timer.subject_id: timer for timer in timers}
    held = {inside.id: inside for inside in insiders.lock_free(by_subject)}
    insides = [held[subject_id] for subject_id in by_subject if subject_id in held]
    meant = [i for i in insides if i.run.is_live and i.run.revision == by_subject[i.id].revision]
    definitions = versions.definitions_of({inside.version_id for inside in meant})
    facts = facts_of(meant, definitions)
    moves = []
    for inside in meant:
        definition = definitions[inside.version_id]
        stimulus: Stimulus = TimerFired(inside.run.revision)
        if inside.person.is_erased:
            stimulus = Cancelled(reasons.ERASED)
        moved = advance(
            definition=definition,
            run=inside.run,
            stimulus=stimulus,
            facts=facts[inside.id],
            now=now,
        )
        moves.append(Move(inside, definition, inside.run, moved, by_subject[inside.id].id))
    stale = {inside.id for inside in insides} - {inside.id for inside in meant}
    stale |= _gone(set(by_subject) - set(held))
    carry_out(moves, now=now)
    drop([by_subject[enrolment_id] for enrolment_id in stale])
    return len(by_subject) - len(meant) - len(stale)


def _gone(enrolment_ids: set[int]) -> set[int]:
    """Of those that could not be locked: which are not held by anybody but do not exist."""
    if not enrolment_ids:
        return set()
    known = Enrolment.objects.filter(pk__in=enrolment_ids).values_list("id", flat=True)
    return enrolment_ids - set(known)
