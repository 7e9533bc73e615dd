"""The variables a template may use: the contract between who builds them and who renders them.

A message is rendered from plain nested dictionaries of this shape. Every key of a group that is present is
present (an unknown text is ``""``, never a missing key and never ``None``); a group a template does not use
may be left out (``compiled["groups"]`` lists those it needs).

    {
        "shop": {
            "name": "Alder & Finch",                    # the brand as the customer knows it
            "url": "https://alderfinch.example",        # home page of the sales channel
            "logo_url": "https://…/logo.png",           # "" : the name is shown instead
            "colour": "#1f6f5c",                        # #rgb or #rrggbb
            "address": "Alder & Finch, 12 Mill Lane, Leeds LS1 4DY",   # one line, required by law
            "support_email": "hello@alderfinch.example",
        },
        "person": {"first_name": "Maya", "language": "en"},            # first_name may be ""
        "cart": {"url": "https://…", "currency": "GBP", "total": "£86.00", "lines": [LINE, …]},
        "order": {"number": "1042", "placed_on": "14 November 2026", "url": "https://…",
                  "tracking_number": "", "total": "£86.00", "lines": [LINE, …]},
        "links": {"unsubscribe": "https://…", "preferences": "https://…", "confirm": "https://…"},
    }

    LINE = {"name": "Stoneware mug", "variant": "Sage", "quantity": 2, "image_url": "https://…",
            "unit_price": "£14.00", "total_price": "£28.00", "url": "https://…"}

Money and dates come already formatted for the person (``formatting.money``, ``formatting.long_date``).
Text is plain text: it is escaped here, so never escape it before. Links are http or https, else they are
left out. What may be ``""`` says so below; ``shop.support_email`` is the sender's address where the shop has
no other, and ``links.confirm`` is filled for the double-opt-in messages only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Variables: TypeAlias = Mapping[str, Mapping[str, Any]]
Kind = Literal["text", "url", "colour", "number", "money", "date", "lines"]


@dataclass(frozen=True, slots=True)
class Variable:
    kind: Kind
    description: str
    may_be_empty: bool = False


LINE: dict[str, Variable] = {
    "name": Variable("text", "Product name in the person's language"),
    "variant": Variable("text", "Variant name", may_be_empty=True),
    "quantity": Variable("number", "How many"),
    "image_url": Variable("url", "Picture of the product", may_be_empty=True),
    "unit_price": Variable("money", "Price of one"),
    "total_price": Variable("money", "Price of the line"),
    "url": Variable("url", "Product page in the shop", may_be_empty=True),
}

SCHEMA: dict[str, dict[str, Variable]] = {
    "shop": {
        "name": Variable("text", "The brand as the customer knows it"),
        "url": Variable("url", "Home page of the shop"),
        "logo_url": Variable(
            "url", "Logo; the name is shown when there is none", may_be_empty=True
        ),
        "colour": Variable("colour", "Brand colour, as #rgb or #rrggbb"),
        "address": Variable("text", "Postal address in one line"),
        "support_email": Variable("text", "E-mail address where a customer gets help"),
    },
    "person": {
        "first_name": Variable("text", "First name", may_be_empty=True),
        "language": Variable("text", "Language the message is written in, such as de"),
    },
    "cart": {
        "url": Variable("url", "Link that brings the cart back"),
        "currency": Variable("text", "Currency code, such as EUR"),
        "total": Variable("money", "Sum of the cart"),
        "lines": Variable("lines", "Lines of the cart"),
    },
    "order": {
        "number": Variable("text", "Order number"),
        "placed_on": Variable("date", "Day of the order"),
        "url": Variable("url", "Order page in the shop", may_be_empty=True),
        "tracking_number": Variable("text", "Parcel tracking number", may_be_empty=True),
        "total": Variable("money", "Sum of the order"),
        "lines": Variable("lines", "Lines of the order"),
    },
    "links": {
        "unsubscribe": Variable("url", "Unsubscribes from this topic"),
        "preferences": Variable("url", "Preference page of this person"),
        "confirm": Variable("url", "Confirms a subscription (double opt-in)", may_be_empty=True),
    },
}


def known_paths() -> frozenset[str]:
    """Every variable a template may name, lines written as ``cart.lines.name``."""
    paths: set[str] = set()
    for group, fields in SCHEMA.items():
        for name, variable in fields.items():
            paths.add(f"{group}.{name}")
            if variable.kind == "lines":
                paths.update(f"{group}.{name}.{column}" for column in LINE)
    return frozenset(paths)
