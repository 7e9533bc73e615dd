"""With every hook switched off the final ledger is the same: the reconciler finds what hooks tell."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import pytest
from django.db import transaction

from cavaco_plugin.consent.models import ConsentRecord, ConsentState
from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.policy.models import CapRing
from cavaco_plugin.profiles.models import ContactPoint
from cavaco_plugin.store import port
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from cavaco_plugin.store.snapshots import Buyer
from tests.path.shop import Shop
from tests.path.world import deliver, poke, tick
from tests.promises.accounts import unexplained

pytestmark = pytest.mark.django_db
Ledger = dict[str, list[tuple]]
AGREED = {"consent_declaration": "email,sms"}


def buyer(number: int, **values: str) -> Buyer:
    phone = f"+4930123456{number}"
    address = f"anna{number}@example.com"
    return Buyer(**{"email": address, "phone": phone, "country": "DE", "language": "DE"} | values)


def a_week(shop: Shop, pass_time: Callable[[float], None]) -> None:
    """Six people: reminded, converted, welcomed, thanked, refunded, gone."""
    for number in range(6):
        shop.cart(f"c{number}", buyer=buyer(number), quantity=number % 3 + 1, **AGREED)
        shop.pass_time(minutes=2)
    pass_time(0.5)
    shop.order("o0", buyer=buyer(0), token="c0")
    shop.cart("c1", buyer=buyer(1), quantity=3, **AGREED)
    pass_time(2)
    shop.customer("21", "anna2@example.com", is_confirmed=False, **AGREED)
    shop.order("o2", buyer=buyer(2, email="work2@example.com"), token="c2", keeps_cart=True)
    shop.drop_cart("c3")
    pass_time(5)
    shop.customer("21", "anna2@example.com", **AGREED)
    shop.touch("c4")
    shop.order("o0", buyer=buyer(0), is_fulfilled=True, fulfilled_at=shop.now)
    pass_time(20)
    shop.order("o2", buyer=buyer(2), is_fulfilled=True, is_refunded=True)
    shop.customer("51", "anna5@example.com", consent_declaration="none")
    pass_time(24 * 12)


def ledger_of(providers, *, tell, reconciles: bool) -> Ledger:
    """What the week leaves in the tables; nothing stays."""
    shop = Shop(tell=tell)
    port.use(shop)
    providers.forget()
    with transaction.atomic():
        shop.pass_time(minutes=1)
        a_week(shop, lambda hours: let_pass(shop, hours, reconciles))
        assert unexplained() == []
        found = read()
        transaction.set_rollback(True)
    return found


def let_pass(shop: Shop, hours: float, reconciles: bool) -> None:
    end = shop.now + timedelta(hours=hours)
    while shop.now < end:
        shop.now = min(shop.now + timedelta(minutes=20 if hours < 6 else 120), end)
        tick(shop, reconciles=reconciles)


def read() -> Ledger:
    """Every table of outcomes, without times and without numbers that count rows."""
    people = {
        point.profile_id: point.value for point in ContactPoint.objects.order_by("-kind", "value")
    }

    def named(rows: Iterable[Sequence]) -> list[tuple]:
        return sorted((people[row[0]], *row[1:]) for row in rows)

    return {
        "runs": named(
            (*row, re.sub(r"consent:\d+", "consent:somebody", key))
            for *row, key in Enrolment.objects.values_list(
                "profile_id", "flow__key", "state", "reason", "entry_key"
            )
        ),
        "messages": named(
            Message.objects.values_list(
                "profile_id", "channel", "template_key", "step_id", "state", "reason", "address"
            )
        ),
        "consents": named(
            ConsentState.objects.values_list("profile_id", "channel", "topic", "state")
        ),
        "statements": named(
            ConsentRecord.objects.values_list("profile_id", "channel", "state", "source")
        ),
        "places": named((ring.profile_id, len(ring.sends)) for ring in CapRing.objects.all()),
        "carts": sorted(CheckoutCopy.objects.values_list("token", "episode", "activity_revision")),
        "orders": sorted(OrderCopy.objects.values_list("shop_order_id", "email", "total")),
        "points": named(ContactPoint.objects.values_list("profile_id", "kind", "value")),
    }


@pytest.fixture(scope="module")
def remembered() -> dict[str, Ledger]:
    return {}


@pytest.mark.parametrize("tell", [poke, deliver], ids=["hooks", "webhooks"])
def test_a_week_heard_by_hooks_and_the_same_week_only_read_back_leave_one_ledger(
    providers, flows, remembered, tell
):
    told = ledger_of(providers, tell=tell, reconciles=False)
    if "read" not in remembered:
        remembered["read"] = ledger_of(providers, tell=None, reconciles=True)
    for table, rows in told.items():
        assert rows == remembered["read"][table], table
    assert {row[4] for row in told["messages"]} >= {"accepted", "dropped"}
    assert {row[1] for row in told["messages"]} == {"email", "sms"}
    assert {row[1] for row in told["runs"]} == {"abandoned_cart", "welcome", "post_purchase"}
