"""A cart left alone, from the last touch to the last reminder, and everything that ends it."""

from datetime import timedelta

import pytest

from cavaco_plugin.flows import operations
from cavaco_plugin.flows.models import Enrolment, PathEntry, Timer
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.store.changes import ChangeKind, StoreChange
from cavaco_plugin.store.models import CheckoutCopy
from tests.flows.makers import (
    DAY,
    HOUR,
    MINUTE,
    NINE,
    asked,
    cart,
    fire,
    happens,
    line,
    only_run,
    order,
    person,
    switched_on,
)

pytestmark = pytest.mark.django_db
EVERY_REMINDER = ["cart_reminder_1", "cart_reminder_2", "cart_reminder_3"]


@pytest.fixture(autouse=True)
def _switched_on() -> None:
    switched_on("abandoned_cart")


def test_a_cart_left_alone_is_remembered_three_times() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    assert fire(NINE + HOUR - MINUTE) == 0
    assert fire(NINE + HOUR) == 1
    run = only_run()
    assert (run.entry_key, run.live_key) == ("checkout:one:1", f"abandonment:{maya.pk}")
    assert (run.subject, run.sales_channel) == ({"checkout": "one"}, "uk")
    for hours in (4, 24, 48):
        fire(NINE + hours * HOUR)
    assert asked() == EVERY_REMINDER
    first = Message.objects.earliest("id")
    assert (first.due_at, first.expires_at) == (NINE + HOUR, NINE + 13 * HOUR)
    assert (first.purpose, first.topic, first.priority) == ("marketing", "cart_reminders", 50)
    assert first.subject == {"checkout": "one"}
    assert first.purchase_proof_since == NINE
    assert first.idempotency_key == f"flow:{run.pk}:first_mail:1"
    run.refresh_from_db()
    assert (run.state, run.live_key, run.ended_at) == ("completed", None, NINE + 48 * HOUR)
    assert not Timer.objects.exists()


def test_an_sms_comes_between_for_who_agreed_to_it_and_only_one() -> None:
    maya = person(phone="+447700900123", agreed=("email", "sms"))
    happens(maya, cart("one", at=NINE))
    for hours in (1, 4, 24, 48):
        fire(NINE + hours * HOUR)
    assert asked() == [
        "cart_reminder_1",
        "cart_reminder_sms",
        "cart_reminder_2",
        "cart_reminder_3",
    ]
    entry = PathEntry.objects.get(step_id="sms_allowed")
    assert (entry.action, entry.detail) == ("yes", {"facts": {"reachable.sms": True}})


def test_every_touch_of_the_cart_starts_its_clock_again() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    happens(maya, cart("one", at=NINE + 40 * MINUTE, quantity=2))
    assert fire(NINE + HOUR) == 0
    assert Timer.objects.get().due_at == NINE + 100 * MINUTE
    fire(NINE + 100 * MINUTE)
    assert asked() == ["cart_reminder_1"]


def test_a_touch_between_the_due_time_and_the_clock_means_not_abandoned() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    copy = CheckoutCopy.objects.get()
    CheckoutCopy.objects.filter(pk=copy.pk).update(activity_revision=copy.activity_revision + 1)
    fire(NINE + HOUR)
    assert not Enrolment.objects.exists()
    assert not Timer.objects.exists()


def test_an_order_ends_it_in_the_middle_of_a_wait_and_drops_what_still_waits() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    fire(NINE + HOUR)
    happens(maya, order("77", at=NINE + 2 * HOUR))
    run, message = only_run(), Message.objects.get()
    assert (run.state, run.reason, run.live_key) == ("goal", "converted", None)
    assert run.ended_at == NINE + 2 * HOUR
    assert (message.state, message.reason) == ("dropped", "converted")
    assert not Timer.objects.exists()
    assert fire(NINE + 3 * DAY) == 0
    assert asked() == ["cart_reminder_1"]


def test_an_order_on_another_device_keeps_the_cart_from_being_abandoned() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    happens(maya, order("77", at=NINE + 10 * MINUTE))
    fire(NINE + HOUR)
    assert not Enrolment.objects.exists()


def test_the_carts_own_order_ends_it_whenever_it_was_placed_and_whoever_placed_it() -> None:
    maya, theo = person(), person()
    happens(maya, cart("one", at=NINE))
    fire(NINE + HOUR)
    happens(theo, order("77", at=NINE - HOUR, checkout_token="one"), now=NINE + 2 * HOUR)
    assert only_run().state == "goal"


def test_an_older_order_that_is_told_late_ends_nothing() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    fire(NINE + HOUR)
    happens(maya, order("77", at=NINE - DAY), now=NINE + 2 * HOUR)
    assert only_run().state == "live"


def test_an_emptied_cart_ends_it() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    fire(NINE + HOUR)
    happens(maya, cart("one", at=NINE + 2 * HOUR, quantity=0))
    run, message = only_run(), Message.objects.get()
    assert (run.state, run.reason) == ("exited", "checkout_gone")
    assert (message.state, message.reason) == ("dropped", "checkout_gone")


def test_another_emptied_cart_ends_nothing() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    fire(NINE + HOUR)
    happens(maya, cart("two", at=NINE + HOUR))
    happens(maya, cart("two", at=NINE + 2 * HOUR, quantity=0))
    assert only_run().state == "live"


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 0},
        {"is_paid": True},
        {"lines": (line(is_available=False),)},
        {"total": 0},
    ],
)
def test_a_cart_with_nothing_to_come_back_for_is_not_abandoned(change: dict[str, object]) -> None:
    happens(person(), cart("one", at=NINE, **change))  # type: ignore[arg-type]
    fire(NINE + HOUR)
    assert not Enrolment.objects.exists()


def test_a_cart_at_the_till_is_looked_at_again() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE, is_completing=True))
    assert fire(NINE + HOUR) == 1
    assert not Enrolment.objects.exists()
    assert Timer.objects.get().due_at == NINE + HOUR + 10 * MINUTE
    CheckoutCopy.objects.update(is_completing=False)
    fire(NINE + HOUR + 10 * MINUTE)
    assert asked() == ["cart_reminder_1"]


def test_two_carts_of_one_person_make_one_run_about_the_newer() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    happens(maya, cart("two", at=NINE + 5 * MINUTE))
    fire(NINE + 2 * HOUR)
    assert only_run().subject == {"checkout": "two"}
    assert asked() == ["cart_reminder_1"]


def test_a_newer_cart_after_the_first_reminder_changes_nothing() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    fire(NINE + HOUR)
    happens(maya, cart("two", at=NINE + 2 * HOUR))
    fire(NINE + 3 * HOUR)
    assert only_run().subject == {"checkout": "one"}
    assert asked() == ["cart_reminder_1"]


def test_within_seven_days_nobody_is_reminded_of_a_second_cart() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    for hours in (1, 4, 24, 48):
        fire(NINE + hours * HOUR)
    happens(maya, cart("two", at=NINE + 5 * DAY))
    fire(NINE + 5 * DAY + HOUR)
    assert Enrolment.objects.count() == 1
    happens(maya, cart("two", at=NINE + 7 * DAY, quantity=3))
    fire(NINE + 7 * DAY + HOUR)
    assert list(Enrolment.objects.order_by("id").values_list("entry_key", flat=True)) == [
        "checkout:one:1",
        "checkout:two:2",
    ]


def test_what_the_clock_finds_too_late_is_asked_for_and_explained_but_not_sent() -> None:
    happens(person(), cart("one", at=NINE))
    fire(NINE + 20 * HOUR)
    message = Message.objects.get()
    assert (message.state, message.reason) == ("dropped", "expired")
    assert message.due_at == NINE + HOUR


def test_what_happened_before_the_flow_was_on_reminds_nobody() -> None:
    maya = person()
    happens(maya, cart("old", at=NINE - 2 * DAY), now=NINE)
    fire(NINE + HOUR)
    assert not Timer.objects.exists()
    assert not Enrolment.objects.exists()


def test_what_a_backfill_tells_reminds_nobody() -> None:
    happens(person(), cart("one", at=NINE), is_backfill=True)
    assert not Timer.objects.exists()


def test_a_deleted_account_leaves_every_flow() -> None:
    maya = person()
    happens(maya, cart("one", at=NINE))
    fire(NINE + HOUR)
    gone = StoreChange(
        kind=ChangeKind.CUSTOMER_DELETED, key="gone", profile_id=maya.pk, at=NINE + 2 * HOUR
    )
    operations.take(changes=[gone], now=NINE + 2 * HOUR)
    assert (only_run().state, only_run().reason) == ("exited", "erased")


def test_events_five_times_and_in_any_order_make_the_same_run() -> None:
    maya = person()
    told = [
        cart("one", at=NINE + timedelta(minutes=minutes), quantity=quantity)
        for minutes, quantity in [(20, 3), (0, 1), (10, 2), (20, 3), (0, 1)]
    ]
    for snapshot in [*told, *reversed(told), *told]:
        happens(maya, snapshot, now=NINE + 30 * MINUTE)
    for _ in range(5):
        fire(NINE + 90 * MINUTE)
    assert only_run().subject == {"checkout": "one"}
    assert asked() == ["cart_reminder_1"]
    assert only_run().entered_at == NINE + 80 * MINUTE
