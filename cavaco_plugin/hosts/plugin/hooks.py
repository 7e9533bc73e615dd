"""What a Saleor hook does: write one small row, and never fail.

A hook runs in the shopper's request, after the shop's commit. An exception would make Saleor
answer an error for an order that exists and is paid, and would silence every later hook; a wait
would hold the shopper up. What a hook could not write, the reconciler finds.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from saleor.core.db.connection import allow_writer

from cavaco_plugin.events import operations as events

logger = logging.getLogger(__name__)

LOCK_TIMEOUT_MS = 50


def saw_checkout(self: Any, checkout: Any, previous_value: Any, **kwargs: Any) -> Any:
    """Something about a checkout changed."""
    return _note(self, "checkout", checkout, "last_change", previous_value)


def saw_order(self: Any, order: Any, previous_value: Any, **kwargs: Any) -> Any:
    """Something about an order changed."""
    return _note(self, "order", order, "updated_at", previous_value)


def saw_orders(self: Any, orders: Iterable[Any], previous_value: Any) -> Any:
    """Orders were imported."""
    for order in orders:
        saw_order(self, order, previous_value)
    return previous_value


def saw_fulfillment(
    self: Any, fulfillment: Any, previous_value: Any = None, *args: Any, **kwargs: Any
) -> Any:
    """Something about a fulfilment of an order changed."""
    try:
        return saw_order(self, fulfillment.order, previous_value)
    except Exception:  # noqa: BLE001 — whatever is wrong with us is no business of the shopper
        return _lost("order", previous_value)


def saw_customer(self: Any, customer: Any, previous_value: Any, **kwargs: Any) -> Any:
    """Something about an account changed."""
    return _note(self, "customer", customer, "updated_at", previous_value)


def _note(self: Any, kind: str, subject: Any, changed: str, previous_value: Any) -> Any:
    try:
        if self.active:
            updated_at: datetime = getattr(subject, changed)
            with allow_writer():
                events.record(
                    source="saleor",
                    kind=kind,
                    subject_id=str(subject.pk),
                    updated_at=updated_at,
                    now=timezone.now(),
                    lock_timeout_ms=LOCK_TIMEOUT_MS,
                )
    except Exception:  # noqa: BLE001 — see above
        return _lost(kind, previous_value)
    return previous_value


def _lost(kind: str, previous_value: Any) -> Any:
    logger.warning("A %s hook wrote no event; the reconciler will find it.", kind, exc_info=True)
    return previous_value
