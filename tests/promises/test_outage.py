"""Nothing runs for hours, and then everything at once: nothing stale is sent and nothing is forgotten."""

from datetime import timedelta

import pytest

from cavaco_plugin import pipeline
from cavaco_plugin.outbox.models import Decision, Message
from cavaco_plugin.store import port
from cavaco_plugin.store.snapshots import Buyer
from tests.outbox.makers import NOON, admit, person, wish
from tests.path.shop import OPENING, Shop
from tests.path.world import poke, tick
from tests.promises.accounts import open_messages, states, unexplained

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OUTAGE = 5 * HOUR


@pytest.fixture(autouse=True)
def shop(providers) -> Shop:
    made = Shop(tell=poke)
    port.use(made)
    return made


def test_after_five_hours_the_expired_are_dropped_and_the_others_are_sent(providers):
    for hours in (1, 2, 4, 4.9, 5, 5.1, 8, 12):
        admit(wish(person(email=f"h{hours}@example.com"), expires_at=NOON + hours * HOUR), now=NOON)
    pipeline.release_due(now=NOON + OUTAGE)
    sent = {taken.address for taken in providers.mail.ledger.messages}
    assert sent == {"h5.1@example.com", "h8@example.com", "h12@example.com"}
    late = Message.objects.filter(state="dropped")
    assert set(late.values_list("reason", flat=True)) == {"expired"}
    assert late.count() == 5
    said = Decision.objects.filter(message__in=late, verdict="drop")
    assert {(row.rule, row.reason, bool(row.inputs)) for row in said} == {
        ("expiry", "expired", True)
    }
    assert unexplained() == []


def test_three_hundred_that_went_stale_are_all_dropped_at_once(providers):
    people = [person() for _ in range(20)]
    admit(*(wish(people[turn % 20], expires_at=NOON + HOUR) for turn in range(300)), now=NOON)
    pipeline.release_due(now=NOON + OUTAGE, limit=1000)
    assert states() == {"dropped": 300}
    assert providers.total() == 0
    assert unexplained() == []


@pytest.mark.parametrize("hours", [5, 14, 30, 60])
def test_a_shop_that_slept_sends_no_reminder_later_than_its_own_end(providers, flows, shop, hours):
    """Carts, orders and nobody awake; then ticks as ever. A flow never catches up by sending late."""
    for number in range(8):
        shop.pass_time(minutes=1)
        buyer = Buyer(email=f"anna{number}@example.com", country="DE", language="DE")
        shop.cart(f"c{number}", buyer=buyer, consent_declaration="email")
        if number % 2:
            shop.order(f"o{number}", buyer=buyer, token=f"c{number}")
    shop.now = OPENING + hours * HOUR
    for _ in range(60):
        tick(shop)
        shop.pass_time(hours=2)
    assert open_messages() == []
    for message in Message.objects.filter(sent_at__isnull=False):
        assert message.sent_at < message.expires_at
    bought = {f"anna{number}@example.com" for number in (1, 3, 5, 7)}
    assert not bought & {taken.address for taken in providers.mail.ledger.messages}
    assert Message.objects.filter(enrolment__subject__checkout__in=["c1", "c3"]).count() == 0
    assert Message.objects.count() > 0
    assert unexplained() == []


def test_an_event_told_after_the_outage_counts_from_its_own_time(providers, flows, shop):
    """The order was placed before the reminder was due and is heard of after: no reminder."""
    buyer = Buyer(email="anna@example.com", country="DE", language="DE")
    shop.pass_time(minutes=1)
    shop.cart("c1", buyer=buyer, consent_declaration="email")
    tick(shop)
    shop.tell = None
    shop.pass_time(minutes=30)
    shop.order("o1", buyer=buyer)
    shop.now += OUTAGE
    for _ in range(40):
        tick(shop, reconciles=True)
        shop.pass_time(hours=2)
    assert not Message.objects.filter(topic="cart_reminders").exists()
    assert Message.objects.filter(topic="newsletter", state="accepted").exists()
