"""Only what the shop itself signed comes in, and once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.hosts.app.installation.models import Installation
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer
from tests.hosts_app.conftest import delivery

DOOR = "/webhooks/saleor/"


def post(client: Client, body: bytes | str, headers: dict[str, str]) -> Any:
    return client.post(DOOR, data=body, content_type="application/json", headers=headers)


def post_captured(client: Client, name: str, **changed: str) -> Any:
    found = delivery(name)
    return post(client, found["body"], {**found["headers"], **changed})


def signed(saleor: SaleorServer, payload: object) -> tuple[bytes, dict[str, str]]:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return body, saleor.headers_for(body)


@pytest.mark.parametrize(
    ("name", "recorded"),
    [
        ("checkout_created", 1),
        ("checkout_updated", 1),
        ("checkout_metadata_updated", 1),
        ("checkout_fully_paid", 1),
        ("checkout_fully_authorized", 1),
        ("order_created", 1),
        ("order_fulfilled", 1),
        ("order_refunded", 1),
        ("order_bulk_created", 2),
        ("customer_created", 1),
        ("draft_order_created", 0),
        ("product_updated", 0),
    ],
)
def test_a_delivery_of_the_shop_is_recorded(
    client: Client, captured_shop: Installation, name: str, recorded: int
) -> None:
    answer = post_captured(client, name)

    assert answer.status_code == 200, answer.content
    assert answer.json() == {"recorded": recorded}
    assert StoreEvent.objects.count() == recorded


def test_an_order_proves_its_purchase_while_it_lies_in_the_inbox(
    client: Client, captured_shop: Installation
) -> None:
    post_captured(client, "order_created")

    event = StoreEvent.objects.get()
    assert (event.kind, event.handled_at) == ("order", None)
    assert event.email == "changed@example.com"
    assert event.checkout_token == "2dbfe4ea-8651-4af1-84e5-73d839f1c199"
    assert event.key == "order:78075b75-eaf8-492f-b832-496d8cbd85ab:2026-11-21T18:38:49.246403Z"


def test_a_replayed_delivery_is_answered_alike_and_recorded_once(
    client: Client, captured_shop: Installation
) -> None:
    answers = [post_captured(client, "order_created") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json()["recorded"] for answer in answers] == [1, 0, 0]
    assert StoreEvent.objects.count() == 1


def test_a_tampered_body_is_refused(client: Client, captured_shop: Installation) -> None:
    found = delivery("order_created")
    body = found["body"].replace("changed@example.com", "mallory@example.com")

    answer = post(client, body, found["headers"])

    assert answer.status_code == 401
    assert answer.json()["error"].startswith("The signature does not fit the body")
    assert not StoreEvent.objects.exists()


def test_a_body_that_was_only_serialised_anew_is_refused(
    client: Client, captured_shop: Installation
) -> None:
    found = delivery("order_created")
    body = json.dumps(json.loads(found["body"]), separators=(",", ":"))

    assert post(client, body, found["headers"]).status_code == 401


def test_a_signature_of_another_delivery_is_refused(
    client: Client, captured_shop: Installation
) -> None:
    other = delivery("customer_created")["headers"]["Saleor-Signature"]

    assert post_captured(client, "order_created", **{"Saleor-Signature": other}).status_code == 401


def test_a_delivery_without_a_signature_is_refused(
    client: Client, captured_shop: Installation
) -> None:
    answer = post_captured(client, "order_created", **{"Saleor-Signature": ""})

    assert answer.status_code == 401
    assert answer.json()["error"] == "The delivery has no Saleor-Signature header."


@pytest.mark.parametrize("signature", ["nonsense", "a.b.c", "..", "é", "eyJhbGciOiJub25lIn0.."])
def test_an_unreadable_signature_is_refused(
    client: Client, captured_shop: Installation, signature: str
) -> None:
    answer = post_captured(client, "order_created", **{"Saleor-Signature": signature})

    assert answer.status_code == 401
    assert not StoreEvent.objects.exists()


def test_an_algorithm_without_a_key_is_refused(client: Client, shop: SaleorServer) -> None:
    import base64

    header = json.dumps({"alg": "none", "kid": shop.key_id, "b64": False, "crit": ["b64"]})
    forged = base64.urlsafe_b64encode(header.encode()).decode().rstrip("=") + ".."
    body, headers = signed(shop, {})

    answer = post(client, body, {**headers, "Saleor-Signature": forged})

    assert answer.status_code == 401


def test_a_wrong_key_that_claims_the_shops_key_id_is_refused(
    client: Client, shop: SaleorServer
) -> None:
    mallory = SaleorServer()
    mallory.key_id = shop.key_id
    body = b'{"__typename": "OrderCreated"}'
    headers = mallory.headers_for(body) | {"Saleor-Api-Url": shop.api_url}

    answer = post(client, body, headers)

    assert answer.status_code == 401
    assert "keys" not in shop.asked


def test_a_shop_that_did_not_install_the_app_is_refused(client: Client, db: None) -> None:
    answer = post_captured(client, "order_created")

    assert answer.status_code == 403
    assert answer.json()["error"] == "http://127.0.0.1:8001/graphql/ has not installed this app."


def test_a_delivery_that_names_no_shop_is_refused(client: Client, captured_shop: object) -> None:
    answer = post_captured(client, "order_created", **{"Saleor-Api-Url": ""})

    assert answer.status_code == 403


@pytest.mark.parametrize("size", [2_000_001, 3_000_000])
def test_an_oversized_delivery_is_refused(client: Client, shop: SaleorServer, size: int) -> None:
    body, headers = signed(shop, b" " * size)

    answer = post(client, body, headers)

    assert answer.status_code == 413
    assert answer.json() == {"error": "The delivery is larger than 2 MB."}


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (b"{", "The payload is no JSON"),
        (b"\xff\xfe", "The payload is no JSON"),
        (b"[]", "The payload is no JSON object."),
        (b"[" * 100_000, "The payload is no JSON"),
        ({"order": {"id": "x"}}, "status: is missing; let the app register its webhooks again."),
        ({"checkout": {"id": "x"}}, "totalPrice: is missing"),
        ({"order": "Order:1"}, "order: has not the shape asked for"),
        ({"user": {"isStaff": False}}, "defaultShippingAddress: is missing"),
        ({"orders": [1]}, "orders: has not the shape asked for"),
    ],
)
def test_a_signed_delivery_that_can_not_be_read_names_what_is_wrong(
    client: Client, shop: SaleorServer, payload: object, said: str
) -> None:
    answer = post(client, *signed(shop, payload))

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(said)


def test_a_global_id_that_is_none_is_named(client: Client, shop: SaleorServer) -> None:
    payload = json.loads(delivery("order_created")["body"])
    payload["order"]["id"] = "42"

    answer = post(client, *signed(shop, payload))

    assert answer.json()["error"] == "id: '42' is not a Saleor id."


def test_only_post_is_answered(client: Client, db: None) -> None:
    assert client.get(DOOR).status_code == 405


def age_keys(shop: SaleorServer) -> None:
    installation = Installation.objects.get(api_url=shop.api_url)
    installation.keys_asked_at -= timedelta(minutes=2)
    installation.save()


def test_a_new_key_of_the_shop_is_fetched_and_kept(client: Client, shop: SaleorServer) -> None:
    age_keys(shop)
    shop.change_key()

    first = post(client, *signed(shop, {"__typename": "ProductUpdated"}))
    second = post(client, *signed(shop, {"__typename": "ProductUpdated"}))

    assert (first.status_code, second.status_code) == (200, 200)
    assert shop.asked.count("keys") == 1


def test_forged_key_ids_do_not_make_us_hammer_the_shop(client: Client, shop: SaleorServer) -> None:
    age_keys(shop)
    for _ in range(5):
        mallory = SaleorServer()
        body = b"{}"
        headers = mallory.headers_for(body) | {"Saleor-Api-Url": shop.api_url}
        answer = post(client, body, headers)
        assert answer.status_code == 401
        assert answer.json()["error"].endswith("with a key that the shop does not have.")

    assert shop.asked.count("keys") == 1


def test_a_shop_that_does_not_answer_for_its_keys_is_asked_to_deliver_again(
    client: Client, shop: SaleorServer
) -> None:
    age_keys(shop)
    Installation.objects.update(api_url="http://127.0.0.1:1/graphql/")
    shop.change_key()
    body, headers = signed(shop, {})

    answer = post(client, body, {**headers, "Saleor-Api-Url": "http://127.0.0.1:1/graphql/"})

    assert answer.status_code == 503
    assert "did not answer" in answer.json()["error"]
