"""What lets a person into a flow."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.triggers.checkout_abandoned import Cart, CheckoutAbandoned
from cavaco_plugin.flows.triggers.consent_granted import ConsentGranted
from cavaco_plugin.flows.triggers.order_fulfilled import OrderFulfilled
from cavaco_plugin.flows.triggers.order_placed import OrderPlaced
from cavaco_plugin.store.changes import ChangeKind, StoreChange

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
CART = Cart(
    token="token-1",
    episode=2,
    profile_id=7,
    activity_at=AT,
    currency="EUR",
    total=Decimal("25.00"),
    lines=2,
    buyable_lines=1,
    sales_channel="de",
)
ABANDONED = CheckoutAbandoned.model_validate(
    {"type": "checkout_abandoned", "quiet_for": "PT60M", "min_total": {"EUR": "20.00"}}
)


def _change(kind: ChangeKind, **values: object) -> StoreChange:
    return StoreChange(kind=kind, key="a-key", profile_id=7, at=AT, **values)  # type: ignore[arg-type]


def test_an_abandoned_cart_lets_its_owner_in_once_for_each_episode() -> None:
    assert ABANDONED.entry_of(CART) == Entry(
        key="checkout:token-1:2",
        profile_id=7,
        triggered_at=AT,
        at=AT + timedelta(minutes=60),
        subject={"checkout": "token-1"},
        sales_channel="de",
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"profile_id": None}, "nobody_known"),
        ({"is_gone": True}, "checkout_gone"),
        ({"has_order": True}, "converted"),
        ({"is_paid": True}, "paid"),
        ({"lines": 0, "buyable_lines": 0}, "empty"),
        ({"total": Decimal(0)}, "worth_nothing"),
        ({"total": Decimal("19.99")}, "too_small"),
        ({"buyable_lines": 0}, "sold_out"),
    ],
)
def test_a_cart_that_is_not_abandoned_lets_nobody_in(
    change: dict[str, object], reason: str
) -> None:
    cart = replace(CART, **change)  # type: ignore[arg-type]
    assert ABANDONED.refusal(cart) == reason
    assert ABANDONED.entry_of(cart) is None


def test_a_minimum_binds_only_its_own_currency() -> None:
    assert ABANDONED.refusal(replace(CART, currency="PLN", total=Decimal("1.00"))) == ""


def test_activity_alone_lets_nobody_in_yet() -> None:
    change = _change(ChangeKind.CHECKOUT_ACTIVITY, subject={"checkout": "token-1"})
    assert ABANDONED.hears(change)
    assert ABANDONED.entry(change) is None


def test_a_trigger_listens_in_its_own_sales_channels_only() -> None:
    trigger = OrderPlaced(type="order_placed", sales_channels=("de",))
    assert trigger.hears(_change(ChangeKind.ORDER_PLACED, sales_channel="de"))
    assert not trigger.hears(_change(ChangeKind.ORDER_PLACED, sales_channel="pl"))
    assert not trigger.hears(_change(ChangeKind.ORDER_FULFILLED, sales_channel="de"))


@pytest.mark.parametrize(
    ("data", "is_heard"),
    [
        ({"channel": "email", "topic": "newsletter"}, True),
        ({"channel": "email", "topic": "*"}, True),
        ({"channel": "sms", "topic": "newsletter"}, False),
        ({"channel": "email", "topic": "cart_reminders"}, False),
    ],
)
def test_a_welcome_is_for_its_topic_and_channel(data: dict[str, str], is_heard: bool) -> None:
    trigger = ConsentGranted(type="consent_granted", topic="newsletter", channel="email")
    assert trigger.hears(_change(ChangeKind.CONSENT_GRANTED, data=data)) is is_heard


def test_an_order_lets_its_buyer_in_once_however_many_parcels() -> None:
    trigger = OrderFulfilled(type="order_fulfilled")
    change = _change(ChangeKind.ORDER_FULFILLED, subject={"order": "5"}, data={"checkout": "t"})
    assert trigger.entry(change) == Entry(
        key="order:5",
        profile_id=7,
        triggered_at=AT,
        at=AT,
        subject={"order": "5"},
        event={"checkout": "t"},
    )


def test_an_order_without_a_name_lets_nobody_in() -> None:
    assert OrderPlaced(type="order_placed").entry(_change(ChangeKind.ORDER_PLACED)) is None
