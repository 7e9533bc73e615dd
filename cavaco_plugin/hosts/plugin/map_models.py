"""Saleor's rows as snapshots, a whole batch at a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from saleor.checkout import CheckoutAuthorizeStatus, CheckoutChargeStatus
from saleor.order import FulfillmentStatus, OrderOrigin, OrderStatus

from cavaco_plugin.hosts.plugin.catalogue import Catalogue
from cavaco_plugin.store.snapshots import (
    Buyer,
    CheckoutSnapshot,
    CustomerSnapshot,
    LineSnapshot,
    OrderSnapshot,
)

# A completion that began longer ago has failed and was not cleaned up.
COMPLETION_LASTS = timedelta(minutes=5)


def buyer_of(*, user: Any, email: str, addresses: Iterable[Any], language: str = "") -> Buyer:
    """The person behind a row: the account's facts first, then the first address that has them."""
    known = [address for address in addresses if address is not None]
    phone = next((a.phone for a in known if a.phone), None)
    place = next(iter(known), None)
    return Buyer(
        user_id=str(user.pk) if user else "",
        email=email or (user.email if user else ""),
        phone=phone.as_e164 if phone and phone.is_valid() else "",
        first_name=(user.first_name if user else "") or (place.first_name if place else ""),
        last_name=(user.last_name if user else "") or (place.last_name if place else ""),
        language=language or (user.language_code if user else ""),
        country=place.country.code if place else "",
        country_area=place.country_area if place else "",
        postal_code=place.postal_code if place else "",
    )


def checkout_snapshot(
    checkout: Any, *, catalogue: Catalogue, consent_key: str, now: datetime
) -> CheckoutSnapshot:
    """A checkout with its lines as they are."""
    lines = tuple(_checkout_line(line, catalogue, checkout) for line in checkout.lines.all())
    total = _total(checkout, lines)
    is_charged = checkout.charge_status != CheckoutChargeStatus.NONE
    is_authorised = checkout.authorize_status != CheckoutAuthorizeStatus.NONE
    started_at = checkout.completing_started_at
    metadata = getattr(checkout, "metadata_storage", None)
    return CheckoutSnapshot(
        token=str(checkout.token),
        sales_channel=checkout.channel.slug,
        buyer=buyer_of(
            user=checkout.user,
            email=checkout.email or "",
            addresses=(checkout.shipping_address, checkout.billing_address),
            language=checkout.language_code,
        ),
        currency=checkout.currency,
        total=total,
        lines=lines,
        is_completing=started_at is not None and started_at > now - COMPLETION_LASTS,
        is_paid=(is_charged or is_authorised) and total > 0,
        consent_declaration=_declared(metadata, consent_key),
        created_at=checkout.created_at,
        updated_at=checkout.last_change,
    )


def _total(checkout: Any, lines: Iterable[LineSnapshot]) -> Decimal:
    """Saleor works a total out only when somebody asks for it; until then it says nought.

    Beside a voucher nought may be true.
    """
    if checkout.total_gross_amount or checkout.voucher_code:
        return Decimal(checkout.total_gross_amount)
    return sum((line.total_price for line in lines), Decimal(0))


def _checkout_line(line: Any, catalogue: Catalogue, checkout: Any) -> LineSnapshot:
    entry = catalogue.entry(
        line.variant_id, channel_id=checkout.channel_id, language=checkout.language_code
    )
    total = line.total_price_gross_amount or entry.price * line.quantity
    return LineSnapshot(
        variant_id=str(line.variant_id),
        product_id=entry.product_id,
        product_name=entry.product_name,
        variant_name=entry.variant_name,
        product_slug=entry.product_slug,
        sku=entry.sku,
        quantity=line.quantity,
        unit_price=(total / line.quantity).quantize(Decimal("0.001")),
        total_price=total,
        image_url=entry.image_url,
        is_available=entry.is_available,
    )


def order_snapshot(order: Any, *, catalogue: Catalogue, consent_key: str) -> OrderSnapshot:
    """An order with what happened to it."""
    fulfilments = list(order.fulfillments.all())
    shipped = [f for f in fulfilments if f.status == FulfillmentStatus.FULFILLED]
    refunded = _refunded(order)
    return OrderSnapshot(
        order_id=str(order.pk),
        number=str(order.number),
        checkout_token=order.checkout_token,
        sales_channel=order.channel.slug,
        buyer=buyer_of(
            user=order.user,
            email=order.user_email,
            addresses=(order.shipping_address, order.billing_address),
            language=order.language_code,
        ),
        currency=order.currency,
        total=order.total_gross_amount,
        refunded_total=refunded,
        lines=tuple(_order_line(line, catalogue, order) for line in order.lines.all()),
        tracking_number=next((f.tracking_number for f in shipped if f.tracking_number), ""),
        is_fulfilled=order.status == OrderStatus.FULFILLED,
        is_refunded=refunded > 0 or order.status == OrderStatus.RETURNED,
        is_cancelled=order.status in (OrderStatus.CANCELED, OrderStatus.EXPIRED),
        is_imported=order.origin == OrderOrigin.BULK_CREATE,
        consent_declaration=_declared(order, consent_key),
        placed_at=order.created_at,
        updated_at=order.updated_at,
        fulfilled_at=max((f.created_at for f in shipped), default=None),
    )


def _refunded(order: Any) -> Decimal:
    """Transactions say it outright; old payments by their refund transactions."""
    total = sum((t.refunded_value for t in order.payment_transactions.all()), Decimal(0))
    for payment in order.payments.all():
        if "refunded" in payment.charge_status:
            total += payment.total - payment.captured_amount
    return total


def _order_line(line: Any, catalogue: Catalogue, order: Any) -> LineSnapshot:
    entry = catalogue.entry(
        line.variant_id, channel_id=order.channel_id, language=order.language_code
    )
    return LineSnapshot(
        variant_id=str(line.variant_id or ""),
        product_id=entry.product_id,
        product_name=line.translated_product_name or line.product_name,
        variant_name=entry.shown_variant_name(line.translated_variant_name or line.variant_name),
        product_slug=entry.product_slug,
        sku=line.product_sku or "",
        quantity=line.quantity,
        unit_price=line.unit_price_gross_amount,
        total_price=line.total_price_gross_amount,
        image_url=entry.image_url,
        is_available=entry.is_available,
    )


def customer_snapshot(user: Any, *, consent_key: str) -> CustomerSnapshot:
    """A customer account."""
    return CustomerSnapshot(
        user_id=str(user.pk),
        buyer=buyer_of(
            user=user,
            email=user.email,
            addresses=(user.default_shipping_address, user.default_billing_address),
            language=user.language_code,
        ),
        is_confirmed=user.is_confirmed,
        is_active=user.is_active,
        consent_declaration=_declared(user, consent_key),
        joined_at=user.date_joined,
        updated_at=user.updated_at,
    )


def _declared(holder: Any, key: str) -> str:
    """What the storefront wrote into the row's public metadata about consent."""
    value = (holder.metadata or {}).get(key, "") if holder is not None else ""
    return str(value)[:255]
