"""What the sample shop says is what a Saleor says: our own door reads it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cavaco_plugin.hosts.app.demo import goods, payloads
from cavaco_plugin.hosts.app.demo.goods import Line
from cavaco_plugin.hosts.app.demo.payloads import Setting
from cavaco_plugin.hosts.app.demo.people import CAST, Person, strangers
from cavaco_plugin.hosts.app.map_payloads import snapshots_of

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
HERE = Setting(pictures_url="http://127.0.0.1:8765/pictures/", consent_key="marketing_consent")
LINES = [Line(goods.MUG, 2), Line(goods.LAMP)]


def read(event: str, holder: str, node: dict) -> list:
    payload = payloads.delivery(event, holder, node, issued_at=NOW)
    return snapshots_of(payload, consent_key="marketing_consent")


@pytest.mark.parametrize("person", CAST.values(), ids=lambda person: person.first_name)
def test_a_cart_is_the_persons_own(person: Person) -> None:
    node = payloads.checkout(person, LINES, token="token-1", created_at=NOW, at=NOW, setting=HERE)

    [checkout] = read("checkout_updated", "checkout", node)

    assert checkout.token == "token-1"
    assert checkout.buyer.email == person.email
    assert checkout.buyer.language == person.language
    assert checkout.buyer.country == person.country
    assert checkout.currency == person.currency
    assert checkout.total == sum(line.total_price for line in checkout.lines)
    assert not checkout.is_paid


def test_a_guest_has_no_account_and_declares_in_the_cart() -> None:
    guest = Person("Ada", "Berg", "ada@example.com", "en", "GB", "GBP", "", "email", user_id=0)
    node = payloads.checkout(guest, LINES, token="t", created_at=NOW, at=NOW, setting=HERE)

    [checkout] = read("checkout_updated", "checkout", node)

    assert checkout.buyer.user_id == ""
    assert checkout.consent_declaration == "email"


def test_an_order_goes_through_its_life() -> None:
    person = CAST["oliver"]
    placed = payloads.order(person, LINES, number=2001, checkout_token="t", at=NOW, setting=HERE)
    sent = payloads.fulfilled(placed, at=NOW + timedelta(seconds=2))
    back = payloads.refunded(sent, at=NOW + timedelta(seconds=4))

    [first] = read("order_created", "order", placed)
    [second] = read("order_fulfilled", "order", sent)
    [third] = read("order_refunded", "order", back)

    assert (first.is_fulfilled, second.is_fulfilled, third.is_refunded) == (False, True, True)
    assert second.fulfilled_at == NOW + timedelta(seconds=2)
    assert third.refunded_total == third.total > Decimal(0)
    assert first.checkout_token == "t"
    assert len({first.updated_at, second.updated_at, third.updated_at}) == 3


def test_an_account_says_what_the_person_allowed() -> None:
    node = payloads.customer(CAST["pierre"], is_confirmed=True, joined_at=NOW, at=NOW, setting=HERE)

    [customer] = read("customer_updated", "user", node)

    assert customer.consent_declaration == "email,sms"
    assert customer.buyer.phone == "+33612345678"


def test_nothing_of_the_captured_shop_is_left() -> None:
    person = CAST["maya"]
    order = payloads.order(person, LINES, number=1, checkout_token="t", at=NOW, setting=HERE)
    cart = payloads.checkout(person, LINES, token="t", created_at=NOW, at=NOW, setting=HERE)

    for snapshot in (
        *read("order_created", "order", order),
        *read("checkout_updated", "checkout", cart),
    ):
        text = snapshot.model_dump_json()
        assert "hook-" not in text
        assert "Apple Juice" not in text
        assert ":8001" not in text


def test_strangers_have_addresses_of_their_own() -> None:
    people = [person for person, _ in zip(strangers(seed=1), range(50), strict=False)]

    assert len({person.email for person in people}) == 50
    assert {person.language for person in people} == {"en", "de", "fr", "es", "pl"}
