"""From a cart in the shop to a mail at the provider, and everything that must not become one."""

import pytest

from cavaco_plugin import pipeline
from cavaco_plugin.consent.operations import withdraw
from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.outbox.models import Decision, Message
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from cavaco_plugin.store.snapshots import Buyer
from tests.path.world import deliver, ledger, let_pass, runs, tick

pytestmark = pytest.mark.django_db

ANNA = Buyer(email="anna@example.com", country="DE", language="EN", first_name="Anna")
AGREED = {"consent_declaration": "email"}
SENT_ONCE = [("cart_reminder_1", "anna@example.com", "accepted", "")]


def sent(mailbox) -> list[str]:
    return [taken.address for taken in mailbox.ledger.messages]


def test_a_cart_left_alone_becomes_a_mail(shop, mailbox):
    shop.cart("c1", buyer=ANNA, quantity=2, **AGREED)
    let_pass(shop, hours=0.9)
    assert ledger() == []
    let_pass(shop, hours=0.3)
    assert ledger() == SENT_ONCE
    assert sent(mailbox) == ["anna@example.com"]
    assert Decision.objects.filter(message=Message.objects.get()).count() >= 1


def test_buying_before_the_wait_ends_makes_none(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    let_pass(shop, hours=0.5)
    shop.order("o1", buyer=ANNA, token="c1")
    let_pass(shop, hours=72, step=60)
    assert ledger() == []
    assert sent(mailbox) == []


def test_buying_after_the_first_reminder_ends_the_flow(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    let_pass(shop, hours=2)
    shop.order("o1", buyer=ANNA, token="c1")
    let_pass(shop, hours=72, step=60)
    assert ledger() == SENT_ONCE
    assert runs() == [("abandoned_cart", "checkout:c1:1", "goal", "converted")]


def test_a_purchase_nobody_told_us_of_stops_the_message_at_the_claim(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    tick(shop)
    shop.tell = None
    shop.pass_time(minutes=61)
    shop.order("o1", buyer=Buyer(email="ANNA@example.com "))
    tick(shop)
    assert sent(mailbox) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        Buyer(email="Anna@Example.com"),
        Buyer(user_id="7", email="anna@example.com"),
        Buyer(email="work@example.com", phone="+49 30 1234567"),
    ],
)
def test_buying_on_another_device_counts(shop, mailbox, elsewhere):
    phone = ANNA.model_copy(update={"phone": "030 1234567"})
    shop.cart("c1", buyer=phone, **AGREED)
    tick(shop)
    shop.cart("c2", buyer=elsewhere)
    shop.order("o1", buyer=elsewhere, token="c2")
    let_pass(shop, hours=72, step=60)
    assert sent(mailbox) == []


def test_a_guest_who_makes_an_account_at_the_till_and_pays_gets_no_reminder(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    tick(shop)
    shop.customer("7", "anna@example.com", is_confirmed=False)
    account = ANNA.model_copy(update={"user_id": "7"})
    shop.cart("c1", buyer=account, **AGREED)
    shop.pass_time(minutes=5)
    shop.order("o1", buyer=account, token="c1")
    let_pass(shop, hours=72, step=60)
    assert sent(mailbox) == []
    assert Profile.objects.count() == 1


def test_a_cart_that_outlives_its_order_reminds_nobody(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    shop.order("o1", buyer=ANNA, token="c1", keeps_cart=True)
    shop.cart("c1", buyer=ANNA, quantity=3)
    let_pass(shop, hours=72, step=60)
    assert sent(mailbox) == []


def test_a_cart_that_vanished_reminds_nobody(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    tick(shop)
    shop.drop_cart("c1")
    let_pass(shop, hours=72, step=60)
    assert sent(mailbox) == []


def test_the_shops_own_clean_ups_are_no_activity(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    for _ in range(8):
        let_pass(shop, hours=0.2, reconciles=True)
        shop.touch("c1")
    assert ledger() == SENT_ONCE


def test_coming_back_sets_the_clock_anew_before_the_first_message(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    let_pass(shop, hours=0.8)
    shop.cart("c1", buyer=ANNA, quantity=2, **AGREED)
    let_pass(shop, hours=0.8)
    assert ledger() == []
    let_pass(shop, hours=0.4)
    assert ledger() == SENT_ONCE


def test_two_carts_of_one_person_are_one_reminder(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    shop.cart("c2", buyer=ANNA, quantity=2, **AGREED)
    let_pass(shop, hours=3)
    assert ledger() == SENT_ONCE


def test_without_consent_the_message_is_dropped_and_says_why(shop, mailbox):
    shop.cart("c1", buyer=ANNA)
    let_pass(shop, hours=1.5)
    assert ledger() == [("cart_reminder_1", "", "dropped", "no_consent")] or ledger() == [
        ("cart_reminder_1", "anna@example.com", "dropped", "no_consent")
    ]
    assert sent(mailbox) == []


def test_a_withdrawal_stops_the_next_message(shop, mailbox):
    from cavaco_plugin.consent.statement import Statement

    shop.cart("c1", buyer=ANNA, **AGREED)
    let_pass(shop, hours=2)
    profile = Profile.objects.get()
    said = Statement(source="preference_page", key="click", occurred_at=shop.now)
    withdraw(
        profile_id=profile.pk, channel="email", topic="cart_reminders", statement=said, now=shop.now
    )
    let_pass(shop, hours=72, step=60)
    assert sent(mailbox) == ["anna@example.com"]


def test_an_account_with_consent_is_welcomed_once(shop, mailbox, every_flow):
    shop.customer("7", "anna@example.com", is_confirmed=False, **AGREED)
    let_pass(shop, hours=1)
    assert ledger() == []
    shop.customer("7", "anna@example.com", **AGREED)
    let_pass(shop, hours=2)
    welcomed = [row for row in ledger() if row[0].startswith("welcome") and row[2] == "accepted"]
    assert len(welcomed) == 1
    shop.customer("7", "anna@example.com", **AGREED)
    let_pass(shop, hours=2)
    assert Enrolment.objects.filter(flow__key="welcome").count() == 1


def test_created_and_acting_in_one_request_always_enters(shop, mailbox, every_flow):
    """The account, its consent and its first cart are committed together; nobody is missed."""
    for number in range(60):
        email = f"anna{number}@example.com"
        shop.customer(str(number), email, **AGREED)
        shop.cart(f"c{number}", buyer=Buyer(user_id=str(number), email=email, country="DE"))
    let_pass(shop, hours=2)
    entered = Enrolment.objects.values_list("flow__key", flat=True)
    assert list(entered).count("welcome") == 60
    assert list(entered).count("abandoned_cart") == 60


def test_a_sent_order_is_followed_up_and_a_refunded_one_is_not(shop, mailbox, every_flow):
    for number, email in enumerate(("anna@example.com", "ben@example.com")):
        buyer = Buyer(user_id=str(number), email=email, country="DE", language="EN")
        shop.customer(str(number), email, **AGREED)
        shop.order(f"o{number}", buyer=buyer)
    let_pass(shop, hours=24, step=60)
    for number in range(2):
        order = shop.tables["order"][f"o{number}"]
        shop.order(order.order_id, buyer=order.buyer, is_fulfilled=True, fulfilled_at=shop.now)
    let_pass(shop, hours=2)
    order = shop.tables["order"]["o1"]
    shop.order("o1", buyer=order.buyer, is_fulfilled=True, is_refunded=True)
    let_pass(shop, hours=24 * 30, step=360)
    after = [row for row in ledger() if row[0].startswith("post_purchase") and row[2] == "accepted"]
    assert {row[1] for row in after} == {"anna@example.com"}


def test_what_the_shop_knew_before_triggers_nothing(shop, mailbox, every_flow):
    """An import and a first back-fill, then a month: nobody is written to."""
    from cavaco_plugin.hosts import backfill

    shop.tell = None
    shop.pass_time(days=-90)
    for number in range(40):
        email = f"old{number}@example.com"
        buyer = Buyer(user_id=str(number), email=email, country="DE")
        shop.customer(str(number), email, **AGREED)
        shop.cart(f"c{number}", buyer=buyer)
        shop.order(f"o{number}", buyer=buyer, is_fulfilled=True, fulfilled_at=shop.now)
        shop.pass_time(hours=6)
    shop.pass_time(days=80.1)
    for number in range(40):
        buyer = Buyer(email=f"imported{number}@example.com", country="DE")
        shop.order(f"i{number}", buyer=buyer, is_imported=True, is_fulfilled=True)
    list(backfill.run(days=400, clock=lambda: shop.now))
    let_pass(shop, hours=24 * 30, step=720, reconciles=True)
    assert OrderCopy.objects.count() == 80
    assert (runs(), ledger(), sent(mailbox)) == ([], [], [])


def test_an_event_that_comes_late_moves_nothing_back_and_counts_at_its_own_time(shop, mailbox):
    shop.tell = None
    early = shop.cart("c1", buyer=ANNA, quantity=1, **AGREED)
    shop.pass_time(minutes=30)
    newer = shop.cart("c1", buyer=ANNA, quantity=5, **AGREED)
    deliver("checkout", "c1", newer.updated_at, newer)
    tick(shop)
    shop.pass_time(minutes=40)
    deliver("checkout", "c1", early.updated_at, early)
    tick(shop)
    copy = CheckoutCopy.objects.get()
    assert (copy.lines[0]["quantity"], copy.activity_at) == (5, newer.updated_at)
    assert ledger() == []
    let_pass(shop, hours=0.5)
    assert ledger() == SENT_ONCE


def test_an_order_told_hours_late_was_placed_when_it_was_placed(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    tick(shop)
    shop.tell = None
    shop.pass_time(minutes=20)
    order = shop.order("o1", buyer=ANNA, token="c1")
    shop.pass_time(hours=5)
    deliver("order", "o1", order.updated_at, order)
    tick(shop)
    assert OrderCopy.objects.get().placed_at == order.placed_at
    assert Profile.objects.get().last_order_at == order.placed_at
    assert sent(mailbox) == []


def test_a_poisoned_event_blocks_nobody(shop, mailbox):
    from cavaco_plugin.events.models import StoreEvent
    from cavaco_plugin.events.operations import fail, record
    from cavaco_plugin.events.queries import open_events

    record(
        source="saleor",
        kind="checkout",
        subject_id="bad",
        updated_at=shop.now,
        now=shop.now,
        payload={"token": "bad"},
    )
    shop.cart("c1", buyer=ANNA, **AGREED)
    for event in open_events(now=shop.now, limit=10):
        try:
            pipeline.handle_store_event(event=event, now=shop.now)
        except ValueError as error:
            fail(event=event, error=error, now=shop.now)
    poisoned = StoreEvent.objects.get(subject_id="bad")
    assert poisoned.handled_at is None
    assert "sales_channel" in poisoned.error
    assert StoreEvent.objects.get(subject_id="c1").handled_at == shop.now
