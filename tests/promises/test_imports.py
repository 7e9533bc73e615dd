"""What the shop knew before we came, or what it imports, is learnt and leads to nothing."""

from datetime import timedelta

import pytest

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.flows.models import Enrolment, Timer
from cavaco_plugin.hosts import backfill
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store import port, reconcile
from cavaco_plugin.store.models import CustomerCopy, OrderCopy
from cavaco_plugin.store.snapshots import Buyer
from tests.flows.makers import switched_on
from tests.path.shop import OPENING, Shop
from tests.path.world import poke, tick

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
AGREED = {"consent_declaration": "email,sms"}


def an_old_shop(customers: int, carts: int) -> Shop:
    """Two years of customers who agreed to everything, each with a sent order, and carts left behind."""
    shop = Shop(tell=None)
    port.use(shop)
    shop.now = OPENING - timedelta(days=700)
    step = timedelta(days=690) / customers
    for number in range(customers):
        user, address = str(number), f"old{number}@example.com"
        buyer = Buyer(user_id=user, email=address, country="DE", language="DE")
        shop.customer(user, address, **AGREED)
        shop.order(f"o{number}", buyer=buyer, is_fulfilled=True, fulfilled_at=shop.now, **AGREED)
        if number < carts:
            shop.cart(f"c{number}", buyer=buyer, **AGREED)
        shop.now += step
    shop.now = OPENING
    return shop


def set_up(shop: Shop) -> None:
    """What `cavaco_setup` does: start reading from now on, switch flows on, learn what was."""
    reconcile.start(now=shop.now)
    for key in ("abandoned_cart", "welcome", "post_purchase"):
        switched_on(key, at=shop.now)
    list(backfill.run(days=1000, clock=lambda: shop.now))


def a_month_passes(shop: Shop) -> None:
    for _ in range(30):
        shop.pass_time(days=1)
        tick(shop, reconciles=True)


def assert_nobody_was_bothered(providers) -> None:
    assert Enrolment.objects.count() == 0
    assert Timer.objects.count() == 0
    assert Message.objects.count() == 0
    assert providers.total() == 0


@pytest.mark.parametrize(
    "customers",
    [50, pytest.param(400, marks=pytest.mark.slow)],
    ids=["some", "hundreds"],
)
def test_a_back_fill_learns_everybody_and_writes_to_nobody(providers, customers):
    shop = an_old_shop(customers, carts=10)
    set_up(shop)
    a_month_passes(shop)
    assert (CustomerCopy.objects.count(), OrderCopy.objects.count()) == (customers, customers)
    assert Profile.objects.filter(orders_count=1).count() == customers
    assert StoreEvent.objects.filter(is_backfill=False).count() == 0
    assert_nobody_was_bothered(providers)


def test_orders_imported_into_a_running_shop_thank_nobody(providers):
    shop = an_old_shop(customers=3, carts=0)
    set_up(shop)
    shop.tell = poke
    for number in range(25):
        buyer = Buyer(email=f"imported{number}@example.com", country="DE")
        shop.pass_time(seconds=1)
        shop.order(
            f"i{number}",
            buyer=buyer,
            is_imported=True,
            is_fulfilled=True,
            fulfilled_at=shop.now,
            **AGREED,
        )
    a_month_passes(shop)
    assert OrderCopy.objects.filter(is_backfill=True).count() == 28
    assert_nobody_was_bothered(providers)


def test_old_carts_that_a_clean_up_touches_after_the_first_run_remind_nobody(providers):
    """The shop's own time stamp moves and the reconciler reads them: what the customer did is old."""
    shop = an_old_shop(customers=12, carts=12)
    set_up(shop)
    for number in range(12):
        shop.pass_time(minutes=1)
        shop.touch(f"c{number}")
    a_month_passes(shop)
    assert_nobody_was_bothered(providers)
    buyer = shop.tables["checkout"]["c3"].buyer
    shop.cart("c3", buyer=buyer, quantity=2, **AGREED)
    for _ in range(8):
        shop.pass_time(hours=2)
        tick(shop, reconciles=True)
    assert Enrolment.objects.get().subject == {"checkout": "c3"}


def test_what_happens_after_the_first_run_is_news(providers):
    """The watermark is a moment, not a wall: the same customers coming back are served."""
    shop = an_old_shop(customers=5, carts=0)
    set_up(shop)
    shop.pass_time(minutes=5)
    buyer = Buyer(user_id="1", email="old1@example.com", country="DE", language="DE")
    shop.cart("new", buyer=buyer, **AGREED)
    for _ in range(4):
        shop.pass_time(minutes=30)
        tick(shop, reconciles=True)
    assert Enrolment.objects.get().entry_key == "checkout:new:1"
    assert [taken.address for taken in providers.mail.ledger.messages] == ["old1@example.com"]
