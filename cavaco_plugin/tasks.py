"""The clock's doors: Celery tasks that carry no more than a name. The clock is read here.

Each works until nothing is due or its time is over, and may run beside itself: every stage claims
what it works on.
"""

import logging
import os
import time
from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils import timezone

from cavaco_plugin import pipeline
from cavaco_plugin.events import operations as events
from cavaco_plugin.events.queries import open_events
from cavaco_plugin.feedback.queries import open_receipts
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.outbox import sweeper
from cavaco_plugin.store import reconcile as reconciler

logger = logging.getLogger(__name__)

QUEUE = os.environ.get("CAVACO_QUEUE") or None
BATCH = 1000
SECONDS_AT_MOST = 20.0


def _until_nothing_is_due(work: Callable[[], int]) -> int:
    """Call `work` until it says that it found nothing, or time is over. Returns the sum."""
    deadline, done = time.monotonic() + SECONDS_AT_MOST, 0
    with writing():
        while time.monotonic() < deadline:
            found = work()
            done += found
            if not found:
                break
    return done


@shared_task(name="cavaco.tick", queue=QUEUE, ignore_result=True)
def tick(**kwargs: Any) -> None:
    """Everything that should happen within seconds, in the order of the path."""
    handle_store_events()
    run_due()
    release_due()
    apply_receipts()


@shared_task(name="cavaco.handle_store_events", queue=QUEUE, ignore_result=True)
def handle_store_events(**kwargs: Any) -> None:
    """Take the inbox through the pipeline. An event that fails is tried again and blocks nobody."""
    _until_nothing_is_due(_handle_some_events)


def _handle_some_events() -> int:
    found = open_events(now=timezone.now(), limit=BATCH)
    for event in found:
        try:
            pipeline.handle_store_event(event=event, now=timezone.now())
        except Exception as error:
            logger.exception("Event %s could not be handled; it will be tried again.", event.key)
            events.fail(event=event, error=error, now=timezone.now())
    return len(found)


@shared_task(name="cavaco.run_due", queue=QUEUE, ignore_result=True)
def run_due(**kwargs: Any) -> None:
    """Move everybody whose timer is due."""
    _until_nothing_is_due(lambda: pipeline.run_due(now=timezone.now(), limit=BATCH))


@shared_task(name="cavaco.release_due", queue=QUEUE, ignore_result=True)
def release_due(**kwargs: Any) -> None:
    """Send what is due."""
    _until_nothing_is_due(lambda: pipeline.release_due(now=timezone.now(), limit=BATCH).looked_at)


@shared_task(name="cavaco.apply_receipts", queue=QUEUE, ignore_result=True)
def apply_receipts(**kwargs: Any) -> None:
    """Apply what providers reported."""
    _until_nothing_is_due(_apply_some_receipts)


def _apply_some_receipts() -> int:
    found = open_receipts(now=timezone.now(), limit=BATCH)
    for receipt in found:
        try:
            pipeline.handle_receipt(receipt=receipt, now=timezone.now())
        except Exception:
            logger.exception("Receipt %s could not be applied; it stays stored.", receipt.pk)
    return len(found)


@shared_task(name="cavaco.sweep", queue=QUEUE, ignore_result=True)
def sweep(**kwargs: Any) -> None:
    """Take back what crashed workers held, and drop what is too late to send."""
    with writing():
        sweeper.sweep(now=timezone.now())


@shared_task(name="cavaco.reconcile", queue=QUEUE, ignore_result=True)
def reconcile(**kwargs: Any) -> None:
    """Find what hooks and webhooks lost."""
    with writing():
        reconciler.run(now=timezone.now())


@shared_task(name="cavaco.roll_up", queue=QUEUE, ignore_result=True)
def roll_up(**kwargs: Any) -> None:
    """Count the ledger's recent days again."""
    with writing():
        pipeline.roll_up(now=timezone.now())
