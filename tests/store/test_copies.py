"""What a snapshot changes, and what it does not."""

import pytest

from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store.changes import ChangeKind
from cavaco_plugin.store.models import CheckoutCopy, CustomerCopy, OrderCopy
from cavaco_plugin.store.operations import apply
from cavaco_plugin.store.snapshots import Buyer
from tests.store.samples import ANNA, NOON, checkout, customer, line, minutes, order

pytestmark = pytest.mark.django_db

ACTIVITY = ChangeKind.CHECKOUT_ACTIVITY
COMPLETED = ChangeKind.CHECKOUT_COMPLETED


@pytest.fixture
def anna() -> int:
    return Profile.objects.create(created_at=NOON, updated_at=NOON).pk


def take(snapshot, profile_id, *, is_backfill=False):
    return apply(snapshot=snapshot, profile_id=profile_id, is_backfill=is_backfill)


def kinds(changes):
    return [change.kind for change in changes]


def test_a_cart_with_a_line_and_a_person_is_activity(anna):
    (change,) = take(checkout(), anna)
    assert change.kind == ACTIVITY
    assert change.key == "checkout_activity:checkout:c1:2026-11-20T12:00:00.000000Z"
    assert (change.profile_id, change.at, change.sales_channel) == (anna, NOON, "eu")
    assert change.subject == {"checkout": "c1"}
    assert change.data == {"episode": "1", "revision": "1"}
    assert change.copy_id == CheckoutCopy.objects.get().pk


def test_the_same_snapshot_again_changes_nothing(anna):
    take(checkout(), anna)
    assert take(checkout(), anna) == []


@pytest.mark.parametrize(
    "bump",
    [
        {"is_completing": True},
        {"is_paid": True},
        {"lines": (line(price="12.00"),)},
        {"consent_declaration": ""},
    ],
)
def test_what_is_not_the_customers_doing_is_no_activity(anna, bump):
    take(checkout(), anna)
    assert take(checkout(at=30, **bump), anna) == []
    copy = CheckoutCopy.objects.get()
    assert (copy.activity_at, copy.updated_at) == (NOON, minutes(30))


@pytest.mark.parametrize(
    "edit",
    [
        {"lines": (line(quantity=2),)},
        {"lines": (line(), line("2"))},
        {"buyer": ANNA.model_copy(update={"email": "other@example.com"})},
        {"buyer": ANNA.model_copy(update={"postal_code": "10115"})},
        {"buyer": ANNA.model_copy(update={"country": "AT"})},
    ],
)
def test_lines_email_and_address_are_activity(anna, edit):
    take(checkout(), anna)
    assert kinds(take(checkout(at=30, **edit), anna)) == [ACTIVITY]
    copy = CheckoutCopy.objects.get()
    assert (copy.activity_at, copy.activity_revision, copy.episode) == (minutes(30), 2, 1)


def test_the_order_of_lines_and_the_case_of_the_address_mean_nothing(anna):
    take(checkout(lines=(line("1"), line("2"))), anna)
    shouting = ANNA.model_copy(update={"email": "ANNA@Example.com "})
    assert take(checkout(at=5, lines=(line("2"), line("1")), buyer=shouting), anna) == []


def test_coming_back_after_six_hours_is_a_new_episode(anna):
    take(checkout(), anna)
    take(checkout(at=359, lines=(line(quantity=2),)), anna)
    assert CheckoutCopy.objects.get().episode == 1
    (change,) = take(checkout(at=359 + 360, lines=(line(quantity=3),)), anna)
    assert change.data == {"episode": "2", "revision": "3"}


def test_nobody_known_is_remembered_and_tells_nothing_until_there_is_somebody(anna):
    assert take(checkout(buyer=Buyer()), None) == []
    assert kinds(take(checkout(at=5), anna)) == [ACTIVITY]


def test_an_emptied_cart_says_so_once(anna):
    take(checkout(), anna)
    assert kinds(take(checkout(at=5, lines=()), anna)) == [ChangeKind.CHECKOUT_EMPTIED]
    assert take(checkout(at=6, lines=()), anna) == []


def test_an_older_snapshot_moves_nothing_back(anna):
    take(checkout(at=30, lines=(line(quantity=5),)), anna)
    assert take(checkout(at=10, lines=(line(quantity=1),)), anna) == []
    copy = CheckoutCopy.objects.get()
    assert copy.lines[0]["quantity"] == 5
    assert copy.updated_at == minutes(30)


def test_an_order_completes_its_checkout_whoever_placed_it(anna):
    other = Profile.objects.create(created_at=NOON, updated_at=NOON).pk
    take(checkout(), anna)
    changes = take(order(at=20, checkout_token="c1", buyer=Buyer(email="b@example.com")), other)
    assert [(change.kind, change.profile_id) for change in changes] == [
        (COMPLETED, anna),
        (ChangeKind.ORDER_PLACED, other),
    ]
    assert CheckoutCopy.objects.get().completed_at == minutes(20)


def test_a_checkout_that_outlives_its_order_is_never_active_again(anna):
    take(checkout(), anna)
    take(order(at=20, checkout_token="c1"), anna)
    assert take(checkout(at=60, lines=(line(quantity=9),)), anna) == []


def test_an_order_that_comes_before_its_checkout_completes_it_too(anna):
    take(order(at=20, checkout_token="c1"), anna)
    assert take(checkout(at=0), anna) == []
    assert CheckoutCopy.objects.get().completed_at == minutes(20)


def test_a_deleted_checkout_is_neither_bought_nor_active(anna):
    take(checkout(), anna)
    assert take(checkout(at=90, is_deleted=True, lines=()), anna) == []
    copy = CheckoutCopy.objects.get()
    assert (copy.deleted_at, copy.completed_at) == (minutes(90), None)
    assert len(copy.lines) == 1


def test_each_moment_of_an_order_is_told_once(anna):
    assert kinds(take(order(), anna)) == [ChangeKind.ORDER_PLACED]
    sent = order(at=60, placed=0, is_fulfilled=True, fulfilled_at=minutes(50))
    (fulfilled,) = take(sent, anna)
    assert (fulfilled.kind, fulfilled.at) == (ChangeKind.ORDER_FULFILLED, minutes(50))
    assert take(order(at=70, placed=0, is_fulfilled=True, fulfilled_at=minutes(50)), anna) == []
    back = order(at=90, placed=0, is_fulfilled=True, is_refunded=True, is_cancelled=True)
    assert kinds(take(back, anna)) == [ChangeKind.ORDER_REFUNDED, ChangeKind.ORDER_CANCELLED]


def test_a_late_snapshot_still_tells_what_nobody_told_before(anna):
    take(order(at=60, placed=0), anna)
    (change,) = take(order(at=30, placed=0, is_cancelled=True, total="99.00"), anna)
    assert (change.kind, change.at) == (ChangeKind.ORDER_CANCELLED, minutes(30))
    copy = OrderCopy.objects.get()
    assert (copy.cancelled_at, str(copy.total)) == (minutes(30), "10.000")


def test_an_old_order_met_for_the_first_time_was_sent_long_ago(anna):
    (placed, sent) = take(order(at=90, placed=0, is_fulfilled=True), anna)
    assert (placed.at, sent.at) == (minutes(0), minutes(0))


@pytest.mark.parametrize("how", [{"is_imported": True}, {}])
def test_imported_and_backfilled_orders_are_marked_and_complete_quietly(anna, how):
    take(checkout(), anna)
    changes = take(order(at=5, checkout_token="c1", **how), anna, is_backfill=not how)
    assert kinds(changes) == [COMPLETED, ChangeKind.ORDER_PLACED]
    assert all(change.is_backfill for change in changes)
    assert OrderCopy.objects.get().is_backfill


def test_an_account_is_created_and_confirmed_once(anna):
    created = take(customer(is_confirmed=False), anna)
    assert kinds(created) == [ChangeKind.CUSTOMER_CREATED]
    assert created[0].key == "customer_created:customer:7"
    (confirmed,) = take(customer(at=10), anna)
    assert (confirmed.kind, confirmed.at) == (ChangeKind.CUSTOMER_CONFIRMED, minutes(10))
    assert take(customer(at=20), anna) == []


def test_an_old_account_met_for_the_first_time_is_no_news(anna):
    changes = take(customer(at=9000, joined=-90_000), anna)
    assert {change.at for change in changes} == {minutes(-90_000)}


def test_a_deleted_account_says_so_once(anna):
    take(customer(), anna)
    assert kinds(take(customer(at=5, is_deleted=True), anna)) == [ChangeKind.CUSTOMER_DELETED]
    assert take(customer(at=6, is_deleted=True), anna) == []
    assert CustomerCopy.objects.get().deleted_at == minutes(5)


def test_a_declaration_is_told_when_it_changes(anna):
    (_, _, declared) = take(customer(consent_declaration="email"), anna)
    assert declared.data == {"is_confirmed": "true", "origin": "customer", "declaration": "email"}
    assert take(customer(at=5, consent_declaration="email"), anna) == []
    (changed,) = take(customer(at=6, consent_declaration="none"), anna)
    assert changed.key == "consent_declared:customer:7:2026-11-20T12:06:00.000000Z"


def test_what_was_declared_before_anybody_was_known_is_told_once_somebody_is(anna):
    assert take(checkout(buyer=Buyer(), consent_declaration="email"), None) == []
    told = take(checkout(at=5, consent_declaration="email"), anna)
    assert kinds(told) == [ACTIVITY, ChangeKind.CONSENT_DECLARED]
    assert kinds(take(checkout(at=6, consent_declaration="email"), anna)) == []
