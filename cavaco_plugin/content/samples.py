"""Values for previews and checks: a shop, a person, a cart and an order that exist nowhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cavaco_plugin.content.formatting import long_date, money

_CURRENCY = {"en": "GBP", "pl": "PLN"}
_PRODUCTS = {
    "en": [("Stoneware mug", "Sage"), ("Linen tea towel", ""), ("Oak serving board", "Large")],
    "de": [("Becher aus Steinzeug", "Salbei"), ("Geschirrtuch aus Leinen", ""), ("Servierbrett aus Eiche", "Groß")],
    "fr": [("Tasse en grès", "Sauge"), ("Torchon en lin", ""), ("Planche en chêne", "Grande")],
    "es": [("Taza de gres", "Salvia"), ("Paño de lino", ""), ("Tabla de roble", "Grande")],
    "pl": [("Kubek z kamionki", "Szałwia"), ("Lniana ściereczka", ""), ("Deska dębowa", "Duża")],
}  # fmt: skip
_QUANTITIES_AND_PRICES = [(2, Decimal("14.00")), (1, Decimal("12.50")), (1, Decimal("45.50"))]
_SHOP = "https://alderfinch.example"


def sample_variables(language: str, *, first_name: str = "Maya") -> dict[str, dict[str, Any]]:
    """Every variable a template may use, in `language`."""
    base = language.split("-")[0]
    currency = _CURRENCY.get(base, "EUR")
    lines = _lines(base, currency, language)
    amount = sum((quantity * price for quantity, price in _QUANTITIES_AND_PRICES), Decimal(0))
    total = money(amount, currency, language)
    return {
        "shop": {
            "name": "Alder & Finch",
            "url": _SHOP,
            "logo_url": "",
            "colour": "#1f6f5c",
            "address": "Alder & Finch, 12 Mill Lane, Leeds LS1 4DY",
            "support_email": "hello@alderfinch.example",
        },
        "person": {"first_name": first_name, "language": language},
        "cart": {"url": f"{_SHOP}/c/7f3k9", "currency": currency, "total": total, "lines": lines},
        "order": {
            "number": "1042",
            "placed_on": long_date(date(2026, 11, 14), language),
            "url": f"{_SHOP}/o/1042",
            "tracking_number": "JD0146000038",
            "total": total,
            "lines": lines,
        },
        "links": {
            "unsubscribe": f"{_SHOP}/u/9b2m4",
            "preferences": f"{_SHOP}/p/9b2m4",
            "confirm": f"{_SHOP}/y/9b2m4",
        },
    }


def _lines(language: str, currency: str, locale: str) -> list[dict[str, Any]]:
    names = _PRODUCTS.get(language, _PRODUCTS["en"])
    lines = []
    for number, ((name, variant), (quantity, price)) in enumerate(
        zip(names, _QUANTITIES_AND_PRICES, strict=True), start=1
    ):
        lines.append(
            {
                "name": name,
                "variant": variant,
                "quantity": quantity,
                "image_url": f"{_SHOP}/images/{number}.png",
                "unit_price": money(price, currency, locale),
                "total_price": money(price * quantity, currency, locale),
                "url": f"{_SHOP}/products/{number}",
            }
        )
    return lines
