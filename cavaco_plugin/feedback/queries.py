"""Receipts that wait, and the messages they are about."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from cavaco_plugin.channels.contract import Receipt
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.outbox.models import Message


def open_receipts(*, now: datetime, limit: int = 500) -> list[StoredReceipt]:
    """Receipts to apply now, in the order they came."""
    is_due = Q(retry_at=None) | Q(retry_at__lte=now)
    return list(StoredReceipt.objects.filter(is_due, applied_at=None).order_by("id")[:limit])


def stored(
    receipt_ids: Collection[int], *, kinds: Collection[str], limit: int
) -> list[StoredReceipt]:
    """Those of these receipts that are of certain kinds."""
    rows = StoredReceipt.objects.filter(pk__in=receipt_ids, receipt__kind__in=kinds)
    return list(rows.order_by("id")[:limit])


def message_of(receipt: Receipt) -> Message | None:
    """The message a receipt is about: by our id, which travels with it, or by the provider's."""
    if receipt.message_id:
        found = Message.objects.filter(public_id=receipt.message_id).first()
        if found is not None:
            return found
    if not receipt.provider_message_id:
        return None
    return Message.objects.filter(
        provider=receipt.provider, provider_message_id=receipt.provider_message_id
    ).first()
