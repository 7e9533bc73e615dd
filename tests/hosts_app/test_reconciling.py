"""What webhooks lost is found over the API, under the same keys."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer, global_id
from cavaco_plugin.hosts.app.reconcile import changed_since
from cavaco_plugin.store import reconcile
from tests.hosts_app.conftest import delivery

BEFORE = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
LATER = BEFORE + timedelta(hours=2)


def order(number: int, updated_at: datetime, **changed: Any) -> dict[str, Any]:
    node = json.loads(delivery("order_created")["body"])["order"]
    node |= {"id": global_id("Order", f"order-{number}"), "number": str(number)}
    return node | {"updatedAt": updated_at.isoformat(), **changed}


def put(shop: SaleorServer, collection: str, *nodes: dict[str, Any]) -> None:
    shop.nodes[collection] |= {node["id"]: node for node in nodes}


def numbers(found: list[Any]) -> list[str]:
    return [subject.subject_id.removeprefix("order-") for subject in found]


def test_a_lost_delivery_is_recorded_under_the_key_it_would_have_had(
    shop: SaleorServer, client: Any
) -> None:
    reconcile.start(now=BEFORE)
    payload = json.loads(delivery("order_created")["body"])
    put(shop, "orders", payload["order"])
    body = json.dumps(payload).encode()

    assert reconcile.run(now=LATER) == 1
    found = StoreEvent.objects.get()
    answer = client.post(
        "/webhooks/saleor/",
        data=body,
        content_type="application/json",
        headers=shop.headers_for(body),
    )

    assert answer.json() == {"recorded": 0}
    assert StoreEvent.objects.count() == 1
    assert (found.email, found.checkout_token) == (
        "changed@example.com",
        "2dbfe4ea-8651-4af1-84e5-73d839f1c199",
    )


def test_what_changed_before_we_came_is_no_news(shop: SaleorServer) -> None:
    reconcile.start(now=LATER)
    put(shop, "orders", order(1, BEFORE))

    assert reconcile.run(now=LATER + timedelta(minutes=1)) == 0


def test_changes_come_oldest_first_and_by_the_batch(shop: SaleorServer) -> None:
    put(shop, "orders", *(order(n, BEFORE + timedelta(seconds=n)) for n in range(250)))

    first = changed_since(kind="order", position=BEFORE, after_id="", limit=150)
    rest = changed_since(
        kind="order", position=first[-1].updated_at, after_id=first[-1].subject_id, limit=150
    )

    assert numbers(first) == [str(n) for n in range(150)]
    assert numbers(rest) == [str(n) for n in range(150, 250)]


def test_many_changes_of_one_instant_are_all_found(shop: SaleorServer) -> None:
    put(shop, "orders", *(order(n, BEFORE) for n in range(25)))
    found: list[str] = []
    after_id = ""
    while batch := changed_since(kind="order", position=BEFORE, after_id=after_id, limit=10):
        found += numbers(batch)
        after_id = batch[-1].subject_id

    assert sorted(found) == sorted(str(n) for n in range(25))
    assert len(found) == 25


def test_a_full_batch_needs_no_further_page(shop: SaleorServer) -> None:
    put(shop, "orders", *(order(n, BEFORE + timedelta(seconds=n)) for n in range(300)))

    changed_since(kind="order", position=BEFORE, after_id="", limit=50)

    assert shop.asked == ["Orders"]


def test_drafts_and_staff_are_left_out(shop: SaleorServer) -> None:
    put(shop, "orders", order(1, LATER, status="DRAFT"), order(2, LATER))
    user = json.loads(delivery("customer_updated")["body"])["user"]
    put(shop, "customers", user, user | {"id": global_id("User", 9), "isStaff": True})

    assert numbers(changed_since(kind="order", position=BEFORE, after_id="", limit=9)) == ["2"]
    assert len(changed_since(kind="customer", position=BEFORE, after_id="", limit=9)) == 1


def test_one_row_that_can_not_be_read_hides_no_other(
    shop: SaleorServer, caplog: pytest.LogCaptureFixture
) -> None:
    put(shop, "orders", order(1, BEFORE, total=None), order(2, LATER))

    found = changed_since(kind="order", position=BEFORE, after_id="", limit=9)

    assert numbers(found) == ["2"]
    assert "One of the shop's orders was left out" in caplog.text


def test_an_order_without_an_origin_hides_no_other(shop: SaleorServer) -> None:
    """Saleor refuses the whole page for it: its sample data has such orders."""
    put(shop, "orders", order(1, BEFORE, origin=""), order(2, LATER))

    found = changed_since(kind="order", position=BEFORE, after_id="", limit=9)

    assert numbers(found) == ["1", "2"]


def test_checkouts_of_the_day_are_read_and_only_the_changed_ones_kept(shop: SaleorServer) -> None:
    checkout = json.loads(delivery("checkout_updated")["body"])["checkout"]
    older = checkout | {
        "id": global_id("Checkout", 2),
        "token": "b",
        "updatedAt": BEFORE.isoformat(),
    }
    put(shop, "checkouts", checkout, older)

    found = changed_since(
        kind="checkout", position=BEFORE + timedelta(minutes=1), after_id="", limit=9
    )

    assert [subject.subject_id for subject in found] == ["2dbfe4ea-8651-4af1-84e5-73d839f1c199"]


def test_without_a_shop_there_is_nothing_to_read(saleor: SaleorServer, db: None) -> None:
    assert changed_since(kind="order", position=BEFORE, after_id="", limit=9) == []
    assert saleor.asked == []
