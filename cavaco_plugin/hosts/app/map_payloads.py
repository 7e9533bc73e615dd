"""Saleor's webhook payloads and API answers as snapshots: the twin of the plugin's map_models.

Ids are the keys inside Saleor's global ids, so that both homes name a thing alike.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from cavaco_plugin.store.snapshots import (
    AnySnapshot,
    Buyer,
    CheckoutSnapshot,
    CustomerSnapshot,
    LineSnapshot,
    OrderSnapshot,
)

Payload = Mapping[str, Any]

# These change a thing without moving its own time: they count from the moment they were told.
_TIMED_BY_ISSUE = frozenset(
    {"CustomerDeleted", "AccountDeleted", "CheckoutFullyPaid", "CheckoutFullyAuthorized"}
)
_FIELDS = {"checkout": "checkout", "order": "order", "customer": "user"}
_DELETIONS = frozenset({"CustomerDeleted", "AccountDeleted"})


class UnreadablePayload(ValueError):
    """A payload lacks what the subscription asked for; the message names the field."""


def key_of(global_id: str) -> str:
    """The key inside a global id."""
    try:
        _, colon, key = base64.b64decode(global_id, validate=True).decode().partition(":")
    except (ValueError, TypeError):
        colon = key = ""
    if not colon or not key:
        raise UnreadablePayload(f"id: {global_id!r} is not a Saleor id.")
    return key


def snapshots_of(payload: Payload, *, consent_key: str) -> list[AnySnapshot]:
    """Every snapshot a delivery carries: none for events and people that do not concern us.

    Raises:
        UnreadablePayload: a field that the subscription asks for is missing or malformed.
    """
    if not isinstance(payload, Mapping):
        raise UnreadablePayload("The payload is no JSON object.")
    parts = [name for name in ("checkout", "order", "orders", "user") if payload.get(name)]
    with _readable(" and ".join(parts)):
        return [_timed(found, payload) for found in _found(payload, consent_key)]


def snapshot_of(kind: str, node: Payload, *, consent_key: str) -> AnySnapshot | None:
    """The snapshot of one node of an API answer; None for a draft or a staff account.

    Raises:
        UnreadablePayload: a field is missing or malformed.
    """
    with _readable(kind):
        return next(_found({_FIELDS[kind]: node}, consent_key), None)


@contextmanager
def _readable(part: str) -> Iterator[None]:
    """Whatever is wrong with a payload becomes one error that names the field."""
    try:
        yield
    except UnreadablePayload:
        raise
    except KeyError as missing:
        raise UnreadablePayload(
            f"{missing.args[0]}: is missing; let the app register its webhooks again."
        ) from None
    except ValidationError as error:
        wrong = error.errors()[0]
        field = ".".join(str(part) for part in wrong["loc"])
        raise UnreadablePayload(f"{field}: {wrong['msg']}.") from None
    except (TypeError, AttributeError, ValueError) as error:
        raise UnreadablePayload(
            f"{part}: has not the shape asked for ({error}); let the app register its webhooks again."
        ) from None


def _found(payload: Payload, consent_key: str) -> Iterator[AnySnapshot]:
    if payload.get("checkout"):
        yield checkout_snapshot(payload["checkout"], consent_key=consent_key)
    for order in payload.get("orders") or [payload.get("order")]:
        if order and order["status"] != "DRAFT":
            yield order_snapshot(order, consent_key=consent_key)
    user = payload.get("user")
    if user and not user["isStaff"]:
        is_deleted = payload.get("__typename") in _DELETIONS
        yield customer_snapshot(user, consent_key=consent_key, is_deleted=is_deleted)


def _timed(snapshot: AnySnapshot, payload: Payload) -> AnySnapshot:
    if payload.get("__typename") not in _TIMED_BY_ISSUE:
        return snapshot
    issued_at = datetime.fromisoformat(payload["issuedAt"])
    return snapshot.model_copy(update={"updated_at": max(snapshot.updated_at, issued_at)})


def checkout_snapshot(checkout: Payload, *, consent_key: str) -> CheckoutSnapshot:
    """A checkout with its lines."""
    total = checkout["totalPrice"]["gross"]
    is_paid = checkout["chargeStatus"] != "NONE" or checkout["authorizeStatus"] != "NONE"
    return CheckoutSnapshot(
        token=checkout["token"],
        sales_channel=checkout["channel"]["slug"],
        buyer=_buyer(checkout, email=checkout["email"], language=checkout["languageCode"]),
        currency=total["currency"],
        total=total["amount"],
        lines=tuple(_checkout_line(line) for line in checkout["lines"]),
        is_paid=is_paid and total["amount"] > 0,
        consent_declaration=_declared(checkout, consent_key),
        created_at=checkout["created"],
        updated_at=checkout["updatedAt"],
    )


def order_snapshot(order: Payload, *, consent_key: str) -> OrderSnapshot:
    """An order with what happened to it."""
    shipped = [f for f in order["fulfillments"] if f["status"] == "FULFILLED"]
    total = order["total"]["gross"]
    refunded = (order.get("totalRefunded") or {}).get("amount", 0)
    return OrderSnapshot(
        order_id=key_of(order["id"]),
        number=str(order["number"]),
        checkout_token=key_of(order["checkoutId"]) if order["checkoutId"] else "",
        sales_channel=order["channel"]["slug"],
        buyer=_buyer(order, email=order["userEmail"], language=order["languageCodeEnum"]),
        currency=total["currency"],
        total=total["amount"],
        refunded_total=refunded,
        lines=tuple(_order_line(line) for line in order["lines"]),
        tracking_number=next((f["trackingNumber"] for f in shipped if f["trackingNumber"]), ""),
        is_fulfilled=order["status"] == "FULFILLED",
        is_refunded=refunded > 0 or order["status"] == "RETURNED",
        is_cancelled=order["status"] in ("CANCELED", "EXPIRED"),
        is_imported=order.get("origin") == "BULK_CREATE",
        consent_declaration=_declared(order, consent_key),
        placed_at=order["created"],
        updated_at=order["updatedAt"],
        fulfilled_at=max((datetime.fromisoformat(f["created"]) for f in shipped), default=None),
    )


def customer_snapshot(
    user: Payload, *, consent_key: str, is_deleted: bool = False
) -> CustomerSnapshot:
    """A customer account."""
    addresses = (user["defaultShippingAddress"], user["defaultBillingAddress"])
    return CustomerSnapshot(
        user_id=key_of(user["id"]),
        buyer=_person(user, addresses, email=user["email"], language=user["languageCode"]),
        is_confirmed=user["isConfirmed"],
        is_active=user["isActive"],
        is_deleted=is_deleted,
        consent_declaration=_declared(user, consent_key),
        joined_at=user["dateJoined"],
        updated_at=user["updatedAt"],
    )


def _buyer(row: Payload, *, email: str | None, language: str) -> Buyer:
    addresses = (row["shippingAddress"], row["billingAddress"])
    return _person(row["user"], addresses, email=email, language=language)


def _person(
    user: Payload | None, addresses: Sequence[Payload | None], *, email: str | None, language: str
) -> Buyer:
    known = [address for address in addresses if address]
    place: Payload = known[0] if known else {}
    account: Payload = user or {}
    return Buyer(
        user_id=key_of(account["id"]) if user else "",
        email=email or account.get("email") or "",
        phone=next((a["phone"] for a in known if a["phone"]), ""),
        first_name=account.get("firstName") or place.get("firstName") or "",
        last_name=account.get("lastName") or place.get("lastName") or "",
        language=_language(language or account.get("languageCode") or ""),
        country=(place.get("country") or {}).get("code") or "",
        country_area=place.get("countryArea") or "",
        postal_code=place.get("postalCode") or "",
    )


def _language(code: str) -> str:
    """PT_BR is pt-br everywhere else in Saleor."""
    return code.lower().replace("_", "-")


def _checkout_line(line: Payload) -> LineSnapshot:
    variant = line["variant"]
    return LineSnapshot(
        variant_id=key_of(variant["id"]),
        product_id=key_of(variant["product"]["id"]),
        product_name=variant["product"]["name"],
        variant_name=_variant_name(variant["name"], variant["id"], variant["product"]["name"]),
        product_slug=variant["product"]["slug"],
        sku=variant["sku"] or "",
        image_url=(variant["product"]["thumbnail"] or {}).get("url", ""),
        is_available=_is_available(variant),
        **_amounts(line),
    )


def _order_line(line: Payload) -> LineSnapshot:
    variant: Payload = line["variant"] or {}
    product: Payload = variant.get("product") or {}
    variant_id = line["productVariantId"] or variant.get("id") or ""
    return LineSnapshot(
        variant_id=key_of(variant_id) if variant_id else "",
        product_id=key_of(product["id"]) if product else "",
        product_name=line["translatedProductName"] or line["productName"],
        variant_name=_variant_name(line["variantName"], variant_id, line["productName"]),
        product_slug=product.get("slug") or "",
        sku=line["productSku"] or "",
        image_url=(line["thumbnail"] or {}).get("url", ""),
        is_available=bool(variant) and _is_available(variant),
        **_amounts(line),
    )


def _amounts(line: Payload) -> dict[str, Any]:
    return {
        "quantity": line["quantity"],
        "unit_price": line["unitPrice"]["gross"]["amount"],
        "total_price": line["totalPrice"]["gross"]["amount"],
    }


def _variant_name(name: str, variant_id: str, product_name: str) -> str:
    """Saleor writes the id where a variant has no name of its own."""
    return "" if name in (variant_id, product_name) else name


def _is_available(variant: Payload) -> bool:
    """A payload that does not tell the stock is taken at its word: the line is in the cart."""
    stock = variant.get("quantityAvailable")
    return stock is None or stock > 0


def _declared(holder: Payload, key: str) -> str:
    pairs = holder.get("metadata") or []
    return next((str(pair["value"])[:255] for pair in pairs if pair["key"] == key), "")
