"""The values a template is filled with (see `content.variables`), from what the shop holds now. Pure."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from cavaco_plugin.content.formatting import long_date, money
from cavaco_plugin.policy.zones import zone_of
from cavaco_plugin.store.port import ShopIdentity
from cavaco_plugin.store.snapshots import CheckoutSnapshot, LineSnapshot, OrderSnapshot

Group = dict[str, Any]


def shop(identity: ShopIdentity) -> Group:
    """The shop's own words."""
    return {
        "name": identity.name,
        "url": identity.storefront_url,
        "logo_url": identity.logo_url,
        "colour": identity.colour,
        "address": identity.postal_address,
        "support_email": identity.support_email,
    }


def cart(checkout: CheckoutSnapshot, identity: ShopIdentity, locale: str) -> Group:
    """What is in the cart and can be bought; without a line there is nothing to come back to."""
    lines = buyable(checkout)
    whole = len(lines) == len(checkout.lines)
    total = (
        checkout.total
        if whole
        else sum((line.total_price for line in lines), start=checkout.total * 0)
    )
    return {
        "url": identity.cart_url.replace("{checkout_id}", api_id("Checkout", checkout.token)),
        "currency": checkout.currency,
        "total": money(total, checkout.currency, locale),
        "lines": _lines(lines, checkout.currency, identity, locale),
    }


def buyable(checkout: CheckoutSnapshot) -> list[LineSnapshot]:
    """The lines that the shop would sell now."""
    return [line for line in checkout.lines if line.is_available and line.quantity > 0]


def order(placed: OrderSnapshot, identity: ShopIdentity, locale: str, time_zone: str) -> Group:
    """What was bought."""
    return {
        "number": placed.number,
        "placed_on": long_date(placed.placed_at.astimezone(zone_of(time_zone)), locale),
        "url": "",
        "tracking_number": placed.tracking_number,
        "total": money(placed.total, placed.currency, locale),
        "lines": _lines(placed.lines, placed.currency, identity, locale),
    }


def api_id(type_name: str, key: str) -> str:
    """The id under which the shop's API knows a thing."""
    return base64.b64encode(f"{type_name}:{key}".encode()).decode()


def _lines(
    lines: Sequence[LineSnapshot], currency: str, identity: ShopIdentity, locale: str
) -> list[Mapping[str, Any]]:
    return [
        {
            "name": line.product_name,
            "variant": line.variant_name,
            "quantity": line.quantity,
            "image_url": line.image_url,
            "unit_price": money(line.unit_price, currency, locale),
            "total_price": money(line.total_price, currency, locale),
            "url": identity.product_url.replace("{slug}", line.product_slug)
            if line.product_slug
            else "",
        }
        for line in lines
    ]
