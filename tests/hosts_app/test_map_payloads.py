"""What real deliveries of Saleor 3.23 say, as snapshots."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from cavaco_plugin.hosts.app.map_payloads import UnreadablePayload, key_of, snapshots_of
from cavaco_plugin.store.snapshots import (
    AnySnapshot,
    CheckoutSnapshot,
    CustomerSnapshot,
    OrderSnapshot,
)
from tests.hosts_app.conftest import delivery


def payload_of(name: str) -> dict:
    return json.loads(delivery(name)["body"])


def mapped(name: str, *, consent_key: str = "consent") -> list[AnySnapshot]:
    return snapshots_of(payload_of(name), consent_key=consent_key)


def test_a_checkout_keeps_its_token_person_and_lines() -> None:
    [checkout] = mapped("checkout_updated")

    assert isinstance(checkout, CheckoutSnapshot)
    assert checkout.token == "2dbfe4ea-8651-4af1-84e5-73d839f1c199"
    assert checkout.sales_channel == "default-channel"
    assert checkout.currency == "USD"
    assert not checkout.is_paid
    names = [(line.product_name, line.quantity, line.unit_price) for line in checkout.lines]
    assert names[0] == ("Apple Juice", 1, Decimal("1.99"))
    assert checkout.updated_at == datetime(2026, 11, 21, 18, 38, 38, 166657, tzinfo=UTC)


def test_a_variant_without_a_name_of_its_own_shows_none() -> None:
    [checkout] = mapped("checkout_updated")

    assert checkout.lines[0].variant_name == ""


@pytest.mark.parametrize("name", ["checkout_fully_paid", "checkout_fully_authorized"])
def test_a_payment_counts_from_the_moment_it_was_told(name: str) -> None:
    """Paying does not move a checkout's own time; with it the news would look like old news."""
    [checkout] = mapped(name)

    assert checkout.is_paid
    assert checkout.updated_at == datetime.fromisoformat(payload_of(name)["issuedAt"])


def test_an_order_knows_its_checkout_its_parcel_and_its_language() -> None:
    [order] = mapped("order_fulfilled")

    assert isinstance(order, OrderSnapshot)
    assert order.order_id == "78075b75-eaf8-492f-b832-496d8cbd85ab"
    assert order.checkout_token == "2dbfe4ea-8651-4af1-84e5-73d839f1c199"
    assert (order.is_fulfilled, order.is_refunded, order.is_cancelled) == (True, False, False)
    assert order.fulfilled_at == datetime(2026, 11, 21, 18, 38, 51, 890373, tzinfo=UTC)
    assert order.buyer.email == "changed@example.com"
    assert order.buyer.phone == "+14155552671"
    assert order.buyer.language == "pl"


def test_a_refund_is_seen_with_its_amount() -> None:
    [order] = mapped("order_refunded")

    assert order.is_refunded
    assert order.refunded_total == Decimal("41.99")
    assert order.tracking_number == "TRK1"


def test_a_cancelled_order_is_one() -> None:
    [order] = mapped("order_cancelled")

    assert order.is_cancelled


def test_imported_orders_are_marked() -> None:
    orders = mapped("order_bulk_created")

    assert [order.is_imported for order in orders] == [True, True]
    assert [order.number for order in orders] == ["33", "34"]


def test_a_draft_is_no_order() -> None:
    assert mapped("draft_order_created") == []


def test_what_a_customer_allowed_is_read_under_the_shops_key() -> None:
    [customer] = mapped("customer_metadata_updated")

    assert isinstance(customer, CustomerSnapshot)
    assert customer.consent_declaration == "yes"
    assert not customer.is_confirmed
    [silent] = mapped("customer_metadata_updated", consent_key="another")
    assert silent.consent_declaration == ""


def test_a_deleted_account_counts_from_the_moment_it_was_told() -> None:
    """Its own time is that of its last change, whose event is in the inbox already."""
    payload = payload_of("customer_updated") | {"__typename": "CustomerDeleted"}

    [customer] = snapshots_of(payload, consent_key="consent")

    assert customer.is_deleted
    assert customer.updated_at == datetime.fromisoformat(payload["issuedAt"])


def test_staff_are_not_mapped() -> None:
    payload = payload_of("customer_updated")
    payload["user"]["isStaff"] = True

    assert snapshots_of(payload, consent_key="consent") == []


def test_what_the_shop_deleted_meanwhile_says_nothing() -> None:
    assert snapshots_of({"__typename": "OrderUpdated", "order": None}, consent_key="c") == []


@pytest.mark.parametrize(
    ("name", "holder", "field"),
    [
        ("checkout_updated", "checkout", "updatedAt"),
        ("checkout_updated", "checkout", "lines"),
        ("order_created", "order", "total"),
        ("order_created", "order", "fulfillments"),
        ("customer_updated", "user", "dateJoined"),
        ("customer_updated", "user", "isStaff"),
    ],
)
def test_a_missing_field_is_named(name: str, holder: str, field: str) -> None:
    payload = payload_of(name)
    del payload[holder][field]

    with pytest.raises(UnreadablePayload, match=f"^{field}: is missing"):
        snapshots_of(payload, consent_key="consent")


def test_a_time_without_a_zone_is_refused() -> None:
    payload = payload_of("order_created")
    payload["order"]["updatedAt"] = "2026-11-21T18:38:49"

    with pytest.raises(UnreadablePayload, match=r"^updated_at: "):
        snapshots_of(payload, consent_key="consent")


@pytest.mark.parametrize("text", ["", "42", "%%%", "VXNlcg==", "VXNlcjo=", None, 7])
def test_what_is_no_global_id_is_refused(text: object) -> None:
    with pytest.raises(UnreadablePayload, match="is not a Saleor id"):
        key_of(text)  # type: ignore[arg-type]
