"""Receipts: stored before anything is done with them, applied once, in whatever order they come."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from cavaco_plugin.channels.contract import Receipt
from cavaco_plugin.consent.records import lock_person
from cavaco_plugin.events.backoff import wait_after
from cavaco_plugin.feedback import queries, stored
from cavaco_plugin.feedback.actions import ABOUT_ADDRESS, ACTIONS
from cavaco_plugin.feedback.case import Case
from cavaco_plugin.feedback.models import DeliveryEvent, StoredReceipt
from cavaco_plugin.store.changes import StoreChange

# A receipt may overtake the worker that notes the provider's answer; after that long it is a stranger's.
WAIT_FOR_MESSAGE = timedelta(minutes=5)
LOOK_AGAIN_AFTER = timedelta(seconds=15)

RECORD = """
INSERT INTO cavaco_receipt (provider, event_id, receipt, received_at, result, attempts)
SELECT told.*, %s, '', 0 FROM unnest(%s::text[], %s::text[], %s::jsonb[]) AS told
ON CONFLICT (provider, event_id) DO NOTHING
RETURNING id
"""


def record(receipts: Sequence[Receipt], *, now: datetime) -> list[int]:
    """Store what a provider told us, each event once. Returns the ids of those not told before."""
    providers = [receipt.provider for receipt in receipts]
    events = [stored.event_key(receipt) for receipt in receipts]
    bodies = [stored.as_json(receipt) for receipt in receipts]
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [now, providers, events, bodies])
        return sorted(row[0] for row in cursor.fetchall())


@transaction.atomic
def apply(*, receipt: StoredReceipt, now: datetime) -> list[StoreChange]:
    """Do what a receipt says, once. Returns what flows should hear of.

    A receipt whose message is not known yet waits some minutes for it.
    """
    row = StoredReceipt.objects.select_for_update().get(pk=receipt.pk)
    if row.applied_at is not None:
        return []
    told = stored.from_json(row.receipt)
    message = queries.message_of(told)
    if message is None and told.kind not in ABOUT_ADDRESS:
        _wait_or_give_up(row, now)
        return []
    if message is not None:
        lock_person(message.profile_id)
    case = Case(row=row, receipt=told, message=message, now=now)
    changes = ACTIONS[told.kind](case) if told.kind in ACTIONS else []
    _note(case)
    return changes


@transaction.atomic
def postpone(*, receipt: StoredReceipt, now: datetime) -> None:
    """Put a receipt aside that could not be applied; it is tried again, ever more rarely."""
    row = StoredReceipt.objects.select_for_update().get(pk=receipt.pk)
    if row.applied_at is None:
        row.attempts = min(row.attempts + 1, 1000)
        row.retry_at = now + wait_after(row.attempts)
        row.result = "failed"
        row.save(update_fields=["attempts", "retry_at", "result"])


def _wait_or_give_up(row: StoredReceipt, now: datetime) -> None:
    row.attempts += 1
    if now - row.received_at < WAIT_FOR_MESSAGE:
        row.retry_at, row.result = now + LOOK_AGAIN_AFTER, "waiting"
    else:
        row.applied_at, row.result = now, "unknown_message"
    row.save(update_fields=["attempts", "retry_at", "result", "applied_at"])


def _note(case: Case) -> None:
    """Keep what happened beside the message, and close the receipt."""
    told = case.receipt
    if case.message is not None:
        DeliveryEvent.objects.create(
            message=case.message,
            receipt=case.row,
            kind=told.kind,
            is_machine=told.is_machine,
            code=told.code[:64],
            detail=told.detail,
            occurred_at=told.occurred_at,
        )
    case.row.applied_at = case.now
    case.row.attempts += 1
    case.row.result = "applied" if told.kind in ACTIONS else "unknown_kind"
    case.row.save(update_fields=["applied_at", "attempts", "result"])
