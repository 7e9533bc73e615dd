"""Deliveries that the app home's door does not take: `given` is the body and what differs in its headers.

A body that is no bytes is sent as JSON. Without a change, each carries the shop's own signature.
"""

import json
from pathlib import Path
from typing import Any

from tests.contracts.table import Bad

CAPTURED = Path(__file__).parents[2] / "hosts_app" / "deliveries"


def order(**changes: Any) -> dict[str, Any]:
    payload = _captured("order_created")
    return {**payload, "order": {**payload["order"], **changes}}


def checkout(**changes: Any) -> dict[str, Any]:
    payload = _captured("checkout_created")
    return {**payload, "checkout": {**payload["checkout"], **changes}}


def customer(**changes: Any) -> dict[str, Any]:
    payload = _captured("customer_created")
    return {**payload, "user": {**payload["user"], **changes}}


def _captured(name: str) -> dict[str, Any]:
    return json.loads(json.loads((CAPTURED / f"{name}.json").read_text())["body"])


CASES = [
    # what, given, field, code, remedy
    Bad("no shop", ({}, {"Saleor-Api-Url": ""}), "This sender", 403, "has not installed this app"),
    Bad("another shop", ({}, {"Saleor-Api-Url": "https://evil.example/graphql/"}), "https://evil.example/graphql/", 403, "has not installed this app"),
    Bad("shop with a NUL", ({}, {"Saleor-Api-Url": "a\x00b"}), "a\x00b", 403, "has not installed this app"),
    Bad("no signature", ({}, {"Saleor-Signature": ""}), "Saleor-Signature", 401, "has no Saleor-Signature header"),
    Bad("signature in words", ({}, {"Saleor-Signature": "trust me"}), "Saleor-Signature", 401, "can not be read"),
    Bad("signature of nobody", ({}, {"Saleor-Signature": "eyJhbGciOiJub25lIn0.."}), "signed", 401, "a key that the shop does not have"),
    Bad("no body", (b"", {}), "payload", 400, "is no JSON"),
    Bad("no JSON", (b"{", {}), "payload", 400, "is no JSON"),
    Bad("no UTF-8", (b"\xff\xfe\x00", {}), "payload", 400, "is no JSON"),
    Bad("nested without a bottom", (b"[" * 100_000, {}), "payload", 400, "is no JSON"),
    Bad("a list", ([], {}), "payload", 400, "is no JSON object"),
    Bad("too large", (b" " * 2_000_001, {}), "delivery", 413, "larger than 2 MB"),
    Bad("order a text", ({"order": "Order:1"}, {}), "order: has not the shape", 400, "let the app register its webhooks again"),
    Bad("order without a status", ({"order": {"id": "x"}}, {}), "status", 400, "let the app register its webhooks again"),
    Bad("order of no id", (order(id="42"), {}), "id", 400, "is not a Saleor id"),
    Bad("order of an endless id", (order(id="T3JkZXI6" + "eHh4" * 40), {}), "subject_id", 400, "at most 64 characters"),
    Bad("order of no date", (order(created="yesterday"), {}), "placed_at", 400, "valid datetime"),
    Bad("order of no zone", (order(updatedAt="2026-11-21T12:00:00"), {}), "updated_at", 400, "timezone"),
    Bad("order of no amount", (order(total={"gross": {"amount": "much", "currency": "EUR"}}), {}), "total", 400, "valid decimal"),
    Bad("order of an endless amount", (order(total={"gross": {"amount": 1e30, "currency": "EUR"}}), {}), "total", 400, "20 digits"),
    Bad("order of no amount at all", (order(total=None), {}), "order: has not the shape", 400, "let the app register its webhooks again"),
    Bad("order with a NUL", (order(number="1\x002"), {}), "payload.number", 400, "Take it out"),
    Bad("order cut in a sign", (order(number="\ud83d"), {}), "payload.number", 400, "Take it out"),
    Bad("order of lines in words", (order(lines="two mugs"), {}), "order: has not the shape", 400, "let the app register its webhooks again"),
    Bad("checkout without a channel", (checkout(channel=None), {}), "checkout: has not the shape", 400, "let the app register its webhooks again"),
    Bad("checkout of an endless token", (checkout(token="t" * 65), {}), "subject_id", 400, "at most 64 characters"),
    Bad("checkout of no token", (checkout(token=""), {}), "subject_id", 400, "give the id of the checkout"),
    Bad("customer of no id", (customer(id=None), {}), "id", 400, "is not a Saleor id"),
    Bad("customer of no date", (customer(dateJoined=None), {}), "joined_at", 400, "valid datetime"),
]  # fmt: skip
