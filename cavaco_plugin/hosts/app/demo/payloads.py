"""Real deliveries of a Saleor 3.23 with other people, things and times in them. Pure.

What Saleor writes around them stays as it was captured; ids, addresses, lines, sums and moments are
those of the story.
"""

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from cavaco_plugin.hosts.app.demo.goods import Line, price_of
from cavaco_plugin.hosts.app.demo.people import Person
from cavaco_plugin.hosts.app.loopback.saleor import global_id

Node = dict[str, Any]


@cache
def _captured(event: str) -> Node:
    text = files(__package__).joinpath(f"deliveries/{event}.json").read_text("utf-8")
    found: Node = json.loads(text)
    return found


def delivery(event: str, holder: str, node: Node, *, issued_at: datetime) -> Node:
    """The captured envelope around a node."""
    envelope = copy.deepcopy(_captured(event))
    return envelope | {holder: node, "issuedAt": issued_at.isoformat()}


@dataclass(frozen=True, slots=True)
class Setting:
    """Below which address the goods' pictures are, and where the storefront notes consent."""

    pictures_url: str
    consent_key: str


def customer(
    person: Person, *, is_confirmed: bool, joined_at: datetime, at: datetime, setting: Setting
) -> Node:
    """An account."""
    node = copy.deepcopy(_captured("customer_updated")["user"])
    address = _address(person)
    return node | {
        **_names(person),
        "isConfirmed": is_confirmed,
        "dateJoined": joined_at.isoformat(),
        "lastLogin": None,
        "updatedAt": at.isoformat(),
        "metadata": _declared(person, setting),
        "defaultShippingAddress": address,
        "addresses": [address],
    }


def checkout(
    person: Person,
    lines: Sequence[Line],
    *,
    token: str,
    created_at: datetime,
    at: datetime,
    setting: Setting,
) -> Node:
    """A cart with a person behind it."""
    node = copy.deepcopy(_captured("checkout_updated")["checkout"])
    template = node["lines"][0]
    money = _money(_total(lines, person.currency), person.currency)
    return node | {
        "id": global_id("Checkout", token),
        "token": token,
        "created": created_at.isoformat(),
        "updatedAt": at.isoformat(),
        "email": person.email,
        "languageCode": person.language.upper(),
        "quantity": sum(line.quantity for line in lines),
        "channel": _channel(person),
        "user": _names(person) if person.user_id else None,
        "shippingAddress": _address(person),
        "metadata": [] if person.user_id else _declared(person, setting),
        "lines": [
            _checkout_line(template, line, person.currency, token, setting) for line in lines
        ],
        "subtotalPrice": money,
        "totalPrice": money,
    }


def order(
    person: Person,
    lines: Sequence[Line],
    *,
    number: int,
    checkout_token: str,
    at: datetime,
    setting: Setting,
) -> Node:
    """An order that was just placed."""
    node = copy.deepcopy(_captured("order_created")["order"])
    template = node["lines"][0]
    money = _money(_total(lines, person.currency), person.currency)
    address = _address(person)
    return node | {
        "id": global_id("Order", f"demo-order-{number}"),
        "number": str(number),
        "created": at.isoformat(),
        "updatedAt": at.isoformat(),
        "userEmail": person.email,
        "languageCodeEnum": person.language.upper(),
        "checkoutId": global_id("Checkout", checkout_token),
        "channel": _channel(person),
        "user": _names(person) if person.user_id else None,
        "billingAddress": address,
        "shippingAddress": address,
        "metadata": [],
        "lines": [_order_line(template, line, person.currency, number, setting) for line in lines],
        "subtotal": money,
        "total": money,
    }


def fulfilled(placed: Node, *, at: datetime) -> Node:
    """The same order once its parcel left."""
    template = copy.deepcopy(_captured("order_fulfilled")["order"]["fulfillments"][0])
    parcel = template | {
        "created": at.isoformat(),
        "trackingNumber": f"AF{placed['number']}",
        "lines": [],
    }
    return placed | {"status": "FULFILLED", "updatedAt": at.isoformat(), "fulfillments": [parcel]}


def refunded(placed: Node, *, at: datetime) -> Node:
    """The same order, its money given back."""
    gross = placed["total"]["gross"]
    return placed | {"updatedAt": at.isoformat(), "totalRefunded": dict(gross)}


def _names(person: Person) -> Node:
    return {
        "id": global_id("User", person.user_id),
        "email": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "languageCode": person.language.upper(),
    }


def _address(person: Person) -> Node:
    template = copy.deepcopy(_captured("order_created")["order"]["shippingAddress"])
    return dict(template) | {
        "firstName": person.first_name,
        "lastName": person.last_name,
        "postalCode": "",
        "countryArea": "",
        "country": {"code": person.country, "country": person.country},
        "phone": person.phone,
    }


def _declared(person: Person, setting: Setting) -> list[Node]:
    return [{"key": setting.consent_key, "value": person.consent}] if person.consent else []


def _channel(person: Person) -> Node:
    slug = f"shop-{person.currency.lower()}"
    return {"id": global_id("Channel", slug), "slug": slug, "currencyCode": person.currency}


def _checkout_line(template: Node, line: Line, currency: str, token: str, setting: Setting) -> Node:
    node = copy.deepcopy(template) | _prices(line, currency)
    node |= {"id": global_id("CheckoutLine", f"{token}-{line.good.number}")}
    return node | {"quantity": line.quantity, "variant": _variant(node["variant"], line, setting)}


def _order_line(template: Node, line: Line, currency: str, number: int, setting: Setting) -> Node:
    node = copy.deepcopy(template) | _prices(line, currency)
    variant = _variant(node["variant"], line, setting)
    return node | {
        "id": global_id("OrderLine", f"{number}-{line.good.number}"),
        "productName": line.good.name,
        "variantName": line.good.variant,
        "productSku": f"AF-{line.good.number}",
        "productVariantId": variant["id"],
        "quantity": line.quantity,
        "thumbnail": {"url": variant["product"]["thumbnail"]["url"]},
        "variant": variant,
    }


def _variant(template: Node, line: Line, setting: Setting) -> Node:
    good = line.good
    picture = {"url": f"{setting.pictures_url}{good.picture}", "alt": good.name}
    product = template["product"] | {
        "id": global_id("Product", good.number),
        "name": good.name,
        "slug": good.slug,
        "thumbnail": picture,
    }
    variant_id = global_id("ProductVariant", good.number)
    name = good.variant or variant_id
    return template | {
        "id": variant_id,
        "sku": f"AF-{good.number}",
        "name": name,
        "product": product,
        "media": [picture],
    }


def _prices(line: Line, currency: str) -> Node:
    each = price_of(line.good, currency)
    return {
        "unitPrice": _money(each, currency),
        "totalPrice": _money(each * line.quantity, currency),
    }


def _total(lines: Sequence[Line], currency: str) -> float:
    return sum(price_of(line.good, currency) * line.quantity for line in lines)


def _money(amount: float, currency: str) -> Node:
    sum_ = {"amount": amount, "currency": currency}
    return {"gross": sum_, "net": dict(sum_), "tax": {"amount": 0.0}}
