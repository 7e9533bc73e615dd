"""Welcome and post-purchase, from the fact in the shop to the messages asked for."""

from datetime import UTC, datetime

import pytest

from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows.models import Enrolment, Timer
from cavaco_plugin.outbox.models import Message
from tests.flows.makers import (
    DAY,
    HOUR,
    NINE,
    agrees,
    asked,
    fire,
    happens,
    only_run,
    order,
    person,
    switched_on,
)

pytestmark = pytest.mark.django_db


def test_who_agrees_is_welcomed_at_once_and_again_three_days_later_at_ten_local_time() -> None:
    switched_on("welcome")
    maya = person(time_zone="Europe/Madrid")
    flows.take(changes=[agrees(maya, at=NINE)], now=NINE)
    assert asked() == ["welcome_1"]
    assert Timer.objects.get().due_at == datetime(2026, 3, 14, 9, tzinfo=UTC)
    fire(datetime(2026, 3, 14, 9, tzinfo=UTC))
    assert asked() == ["welcome_1", "welcome_2"]
    assert only_run().state == "completed"


def test_who_agrees_by_two_channels_and_again_next_year_is_welcomed_once() -> None:
    switched_on("welcome")
    maya = person(phone="+447700900123", agreed=("email", "sms"))
    both = [agrees(maya, at=NINE), agrees(maya, at=NINE, channel="sms")]
    flows.take(changes=both, now=NINE)
    flows.take(changes=both, now=NINE + 400 * DAY)
    assert asked() == ["welcome_1"]


def test_who_agreed_to_sms_alone_is_welcomed_by_sms() -> None:
    switched_on("welcome")
    maya = person(phone="+447700900123", agreed=("sms",))
    flows.take(changes=[agrees(maya, at=NINE, channel="sms")], now=NINE)
    assert asked() == ["welcome_sms"]


def test_consent_from_before_the_flow_was_on_welcomes_nobody() -> None:
    switched_on("welcome", at=NINE)
    flows.take(changes=[agrees(person(), at=NINE - HOUR)], now=NINE)
    assert not Enrolment.objects.exists()


def test_thanks_come_the_morning_after_the_order_left_and_again_ten_days_later() -> None:
    switched_on("post_purchase")
    maya = person()
    sent = order("77", at=NINE, is_fulfilled=True, fulfilled_at=NINE)
    happens(maya, sent)
    assert Timer.objects.get().due_at == datetime(2026, 3, 12, 10, tzinfo=UTC)
    fire(datetime(2026, 3, 12, 10, tzinfo=UTC))
    # By then it is summer time in London.
    fire(datetime(2026, 3, 22, 10, tzinfo=UTC))
    assert asked() == ["post_purchase_1", "post_purchase_2"]
    assert Message.objects.first().subject == {"order": "77"}  # type: ignore[union-attr]
    assert Message.objects.first().purchase_proof_since is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"is_refunded": True}, "order_refunded"), ({"is_cancelled": True}, "order_cancelled")],
)
def test_a_refund_or_a_cancellation_ends_the_thanks(change: dict[str, bool], reason: str) -> None:
    switched_on("post_purchase")
    maya = person()
    happens(maya, order("77", at=NINE, is_fulfilled=True, fulfilled_at=NINE))
    fire(datetime(2026, 3, 12, 10, tzinfo=UTC))
    later = order("77", at=NINE + 2 * DAY, placed_at=NINE, is_fulfilled=True, **change)
    happens(maya, later)
    run, message = only_run(), Message.objects.get()
    assert (run.state, run.reason) == ("exited", reason)
    assert (message.state, message.reason) == ("dropped", reason)


def test_another_orders_refund_ends_nothing() -> None:
    switched_on("post_purchase")
    maya = person()
    happens(maya, order("77", at=NINE, is_fulfilled=True, fulfilled_at=NINE))
    happens(maya, order("78", at=NINE + DAY, is_refunded=True))
    assert only_run().state == "live"


def test_each_order_has_its_own_thanks_and_each_parcel_has_not() -> None:
    switched_on("post_purchase")
    maya = person()
    for number in ("77", "78", "77", "77"):
        at = NINE + HOUR
        happens(maya, order(number, at=at, is_fulfilled=True, fulfilled_at=at))
    keys = Enrolment.objects.order_by("id").values_list("entry_key", flat=True)
    assert list(keys) == ["order:77", "order:78"]


def test_an_imported_order_thanks_nobody() -> None:
    switched_on("post_purchase")
    happens(person(), order("77", at=NINE, is_fulfilled=True, is_imported=True))
    assert not Enrolment.objects.exists()
