"""The clock's doors: Celery tasks that carry no more than a name. The clock is read here.

Each works until nothing is due or its time is over. All of them may run twice, at once or be killed
half-way: every stage claims what it works on. A lease keeps a second worker from the same work.
"""

import logging
import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from cavaco_plugin import pipeline
from cavaco_plugin.events import leases
from cavaco_plugin.events import operations as events
from cavaco_plugin.events.queries import open_events
from cavaco_plugin.feedback import operations as feedback
from cavaco_plugin.feedback.queries import open_receipts
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.outbox import sweeper
from cavaco_plugin.store import reconcile as reconciler

logger = logging.getLogger(__name__)

QUEUE = os.environ.get("CAVACO_QUEUE") or None
SECONDS_AT_MOST = 20.0
# Long enough for a slow provider to answer after the time is over.
LEASE = timedelta(seconds=90)
EVENTS_AT_ONCE = 100
RECEIPTS_AT_ONCE = 200
BATCH = 1000


def _work(name: str, work: Callable[[], int]) -> int:
    """Call `work` until it finds nothing or time is over, unless another worker is at it.

    Returns how much was found in all.
    """
    deadline, done = time.monotonic() + SECONDS_AT_MOST, 0
    with writing():
        now = timezone.now()
        if not leases.take(name=name, until=now + LEASE, now=now):
            return 0
        try:
            while time.monotonic() < deadline and (found := work()):
                done += found
        finally:
            leases.give_back(name=name, now=timezone.now())
    return done


@shared_task(name="cavaco.tick", queue=QUEUE, ignore_result=True)
def tick(**kwargs: Any) -> None:
    """Everything that should happen within seconds, turn by turn, so that no stage starves another."""
    _work("tick", lambda: sum(turn() for turn in _TURNS))


@shared_task(name="cavaco.handle_store_events", queue=QUEUE, ignore_result=True)
def handle_store_events(**kwargs: Any) -> None:
    """Take the inbox through the pipeline. An event that fails is tried again and blocks nobody."""
    _work("handle_store_events", _handle_some_events)


@shared_task(name="cavaco.run_due", queue=QUEUE, ignore_result=True)
def run_due(**kwargs: Any) -> None:
    """Move everybody whose timer is due."""
    _work("run_due", _run_some_timers)


@shared_task(name="cavaco.release_due", queue=QUEUE, ignore_result=True)
def release_due(**kwargs: Any) -> None:
    """Send what is due."""
    _work("release_due", _release_some)


@shared_task(name="cavaco.apply_receipts", queue=QUEUE, ignore_result=True)
def apply_receipts(**kwargs: Any) -> None:
    """Apply what providers reported."""
    _work("apply_receipts", _apply_some_receipts)


@shared_task(name="cavaco.sweep", queue=QUEUE, ignore_result=True)
def sweep(**kwargs: Any) -> None:
    """Take back what crashed workers held, and drop what is too late to send."""
    _work("sweep", lambda: sum(sweeper.recover_expired_leases(now=timezone.now())))


@shared_task(name="cavaco.reconcile", queue=QUEUE, ignore_result=True)
def reconcile(**kwargs: Any) -> None:
    """Find what hooks and webhooks lost."""
    _work("reconcile", lambda: reconciler.run(now=timezone.now()))


@shared_task(name="cavaco.roll_up", queue=QUEUE, ignore_result=True)
def roll_up(**kwargs: Any) -> None:
    """Count the ledger's recent days again."""
    with writing():
        pipeline.roll_up(now=timezone.now())


def _handle_some_events() -> int:
    found = open_events(now=timezone.now(), limit=EVENTS_AT_ONCE)
    for event in found:
        try:
            pipeline.handle_store_event(event=event, now=timezone.now())
        except Exception as error:  # whatever one event holds, the others go on
            logger.exception("Event %s could not be handled; it will be tried again.", event.key)
            events.fail(event=event, error=error, now=timezone.now())
    return len(found)


def _run_some_timers() -> int:
    return pipeline.run_due(now=timezone.now(), limit=BATCH)


def _release_some() -> int:
    report = pipeline.release_due(now=timezone.now(), limit=BATCH)
    return report.claimed + report.held + report.dropped


def _apply_some_receipts() -> int:
    found = open_receipts(now=timezone.now(), limit=RECEIPTS_AT_ONCE)
    for receipt in found:
        try:
            pipeline.handle_receipt(receipt=receipt, now=timezone.now())
        except Exception:  # whatever one receipt holds, the others go on
            logger.exception("Receipt %s could not be applied; it stays stored.", receipt.pk)
            feedback.postpone(receipt=receipt, now=timezone.now())
    return len(found)


_TURNS = (_handle_some_events, _run_some_timers, _release_some, _apply_some_receipts)
