"""The shop as this installation knows it: our copies, kept current by signed webhooks.

Rendering and the gate never wait for the network. What a webhook lost, the reconciler reads from
the shop's API.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import connection
from pydantic import TypeAdapter

from cavaco_plugin.hosts.app import reconcile
from cavaco_plugin.store.models import CustomerCopy, OrderCopy
from cavaco_plugin.store.port import ChangedSubject, PurchaseQuestion, ShopIdentity
from cavaco_plugin.store.queries import purchases_from_copies
from cavaco_plugin.store.shop import identity_of
from cavaco_plugin.store.snapshots import (
    Buyer,
    CheckoutSnapshot,
    CustomerSnapshot,
    LineSnapshot,
    OrderSnapshot,
)

CHECKOUTS = """
SELECT token, sales_channel, user_id, email, phone, language, country, currency, total, lines,
    is_completing, is_paid, updated_at
FROM cavaco_checkout WHERE token = ANY(%s) AND deleted_at IS NULL
"""
AT_THE_TILL = "SELECT token FROM cavaco_checkout WHERE token = ANY(%s) AND is_completing"
LINES = TypeAdapter(tuple[LineSnapshot, ...])


class CopiedStore:
    """Answers the Store port from our own tables."""

    def checkouts(self, tokens: Collection[str]) -> dict[str, CheckoutSnapshot]:
        """Checkouts as last heard of. Read without a model: every reminder that is sent asks for one."""
        with connection.cursor() as cursor:
            cursor.execute(CHECKOUTS, [list(tokens)])
            return {row[0]: _checkout(*row) for row in cursor.fetchall()}

    def orders(self, order_ids: Collection[str]) -> dict[str, OrderSnapshot]:
        """Orders as last heard of."""
        rows = OrderCopy.objects.filter(shop_order_id__in=list(order_ids))
        return {row.shop_order_id: _order(row) for row in rows}

    def customers(self, user_ids: Collection[str]) -> dict[str, CustomerSnapshot]:
        """Customers as last heard of."""
        rows = CustomerCopy.objects.filter(shop_user_id__in=list(user_ids), deleted_at=None)
        return {row.shop_user_id: _customer(row) for row in rows}

    def purchases(self, questions: Sequence[PurchaseQuestion]) -> dict[int, datetime]:
        """From our copies and from orders that lie in the inbox."""
        return purchases_from_copies(questions)

    def being_completed(self, tokens: Collection[str]) -> set[str]:
        """Those of which the shop said so."""
        with connection.cursor() as cursor:
            cursor.execute(AT_THE_TILL, [list(tokens)])
            return {row[0] for row in cursor.fetchall()}

    def shop(self, sales_channel: str) -> ShopIdentity:
        """From the settings saved here."""
        return identity_of(
            sales_channel=sales_channel,
            doors_url=settings.PUBLIC_URL,
            fallback_name=settings.SHOP_NAME,
            fallback_sender=settings.DEFAULT_FROM_EMAIL,
        )

    def changed_since(
        self, *, kind: str, position: datetime, after_id: str, limit: int
    ) -> Iterable[ChangedSubject]:
        """From the shop's API."""
        return reconcile.changed_since(kind=kind, position=position, after_id=after_id, limit=limit)


def _buyer(row: OrderCopy) -> Buyer:
    return Buyer(
        user_id=row.user_id,
        email=row.email,
        phone=row.phone,
        language=row.language,
        country=row.country,
    )


def _checkout(
    token: str,
    sales_channel: str,
    user_id: str,
    email: str,
    phone: str,
    language: str,
    country: str,
    currency: str,
    total: Decimal,
    lines: str,
    is_completing: bool,
    is_paid: bool,
    updated_at: datetime,
) -> CheckoutSnapshot:
    return CheckoutSnapshot(
        token=token,
        sales_channel=sales_channel,
        buyer=Buyer(user_id=user_id, email=email, phone=phone, language=language, country=country),
        currency=currency,
        total=total,
        lines=LINES.validate_json(lines),
        is_completing=is_completing,
        is_paid=is_paid,
        created_at=updated_at,
        updated_at=updated_at,
    )


def _order(row: OrderCopy) -> OrderSnapshot:
    return OrderSnapshot(
        order_id=row.shop_order_id,
        number=row.number,
        checkout_token=row.checkout_token,
        sales_channel=row.sales_channel,
        buyer=_buyer(row),
        currency=row.currency,
        total=row.total,
        refunded_total=row.refunded_total,
        lines=row.lines,
        tracking_number=row.tracking_number,
        is_fulfilled=row.fulfilled_at is not None,
        is_refunded=row.refunded_at is not None,
        is_cancelled=row.cancelled_at is not None,
        is_imported=row.is_backfill,
        placed_at=row.placed_at,
        updated_at=row.updated_at,
        fulfilled_at=row.fulfilled_at,
    )


def _customer(row: CustomerCopy) -> CustomerSnapshot:
    return CustomerSnapshot(
        user_id=row.shop_user_id,
        buyer=Buyer(user_id=row.shop_user_id, email=row.email),
        is_confirmed=row.is_confirmed,
        is_active=row.is_active,
        consent_declaration=row.consent_declaration,
        joined_at=row.joined_at or row.updated_at,
        updated_at=row.updated_at,
    )
