"""The shop, answered from Saleor's own tables."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone
from saleor.account.models import User
from saleor.checkout.models import Checkout, CheckoutLine
from saleor.order import OrderStatus
from saleor.order.models import Order
from saleor.site.models import SiteSettings

from cavaco_plugin.hosts.plugin import catalogue, map_models, proof
from cavaco_plugin.hosts.plugin.doors import doors_url
from cavaco_plugin.store.declarations import metadata_key
from cavaco_plugin.store.port import ChangedSubject, PurchaseQuestion, ShopIdentity
from cavaco_plugin.store.shop import identity_of
from cavaco_plugin.store.snapshots import CheckoutSnapshot, CustomerSnapshot, OrderSnapshot

DATABASE = "default"


class SaleorStore:
    """Answers the Store port. Reads go to the writer: a replica may lag behind a commit."""

    def checkouts(self, tokens: Collection[str]) -> dict[str, CheckoutSnapshot]:
        """Checkouts as they are now."""
        lines = Prefetch("lines", queryset=CheckoutLine.objects.using(DATABASE).order_by("pk"))
        rows = list(
            Checkout.objects.using(DATABASE)
            .filter(pk__in=list(tokens))
            .select_related(
                "channel", "user", "shipping_address", "billing_address", "metadata_storage"
            )
            .prefetch_related(lines)
        )
        now = timezone.now()
        entries = self._catalogue(rows, now)
        return {
            str(row.token): map_models.checkout_snapshot(
                row, catalogue=entries, consent_key=metadata_key(), now=now
            )
            for row in rows
        }

    def orders(self, order_ids: Collection[str]) -> dict[str, OrderSnapshot]:
        """Orders as they are now; a draft is no order."""
        rows = list(
            Order.objects.using(DATABASE)
            .filter(pk__in=list(order_ids))
            .exclude(status=OrderStatus.DRAFT)
            .select_related("channel", "user", "shipping_address", "billing_address")
            .prefetch_related("lines", "fulfillments", "payments", "payment_transactions")
        )
        entries = self._catalogue(rows, timezone.now())
        return {
            str(row.pk): map_models.order_snapshot(
                row, catalogue=entries, consent_key=metadata_key()
            )
            for row in rows
        }

    def customers(self, user_ids: Collection[str]) -> dict[str, CustomerSnapshot]:
        """Customer accounts as they are now; staff are not customers."""
        rows = (
            User.objects.using(DATABASE)
            .filter(pk__in=list(user_ids), is_staff=False)
            .select_related("default_shipping_address", "default_billing_address")
        )
        key = metadata_key()
        return {str(row.pk): map_models.customer_snapshot(row, consent_key=key) for row in rows}

    def purchases(self, questions: Sequence[PurchaseQuestion]) -> dict[int, datetime]:
        """From the committed orders themselves."""
        return proof.purchases(questions)

    def being_completed(self, tokens: Collection[str]) -> set[str]:
        """By locking what nobody else has locked."""
        return proof.being_completed(tokens)

    def shop(self, sales_channel: str) -> ShopIdentity:
        """From the plugin's settings; Saleor's site where they say nothing."""
        site = SiteSettings.objects.using(DATABASE).select_related("site").first()
        name = site.site.name if site else "Shop"
        return identity_of(
            sales_channel=sales_channel,
            fallback_name=name,
            fallback_sender=(site.default_mail_sender_address or "") if site else "",
            doors_url=doors_url(),
        )

    def changed_since(
        self, *, kind: str, position: datetime, after_id: str, limit: int
    ) -> Iterable[ChangedSubject]:
        """By the indexed columns that every change in Saleor moves."""
        rows, changed = _RECONCILED[kind]
        behind = Q(**{f"{changed}__gt": position})
        if after_id:
            behind |= Q(**{changed: position, "pk__gt": after_id})
        found = rows().filter(behind).order_by(changed, "pk").values_list("pk", changed)[:limit]
        return [ChangedSubject(kind=kind, subject_id=str(key), updated_at=at) for key, at in found]

    def _catalogue(self, rows: Iterable[Any], now: datetime) -> catalogue.Catalogue:
        variants = {line.variant_id for row in rows for line in row.lines.all()} - {None}
        return catalogue.read(variant_ids=variants, using=DATABASE, now=now)


_RECONCILED = {
    "checkout": (lambda: Checkout.objects.using(DATABASE), "last_change"),
    "order": (
        lambda: Order.objects.using(DATABASE).exclude(status=OrderStatus.DRAFT),
        "updated_at",
    ),
    "customer": (lambda: User.objects.using(DATABASE).filter(is_staff=False), "updated_at"),
}
