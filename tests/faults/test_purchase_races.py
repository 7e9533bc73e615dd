"""An order and a claim at the same instant: whichever commits first, the message tells the truth."""

import random
import threading
import time
from datetime import timedelta

import pytest

from cavaco_plugin import pipeline
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.events.operations import record
from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.claim import claim
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.store.addresses import normalise_email
from cavaco_plugin.store.snapshots import Buyer
from tests.faults import clockwork
from tests.faults.together import side_by_side
from tests.faults.waiting import somebody_waits_for_a_lock, wait_until
from tests.outbox.makers import HOUR, NOON, admit, copy_of_checkout, order, person, wish
from tests.promises.accounts import states, unexplained

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+4479460009{:02d}"
PEOPLE = 24


@pytest.fixture(autouse=True)
def clock(provider):
    with clockwork.running():
        yield


def reminder(number: int) -> Message:
    maya = person(email=f"race{number}@example.com", phone=PHONE.format(number))
    copy_of_checkout(f"cart-{number}", profile=maya)
    told = {"subject": {"checkout": f"cart-{number}"}, "purchase_proof_since": NOON - HOUR}
    return admit(wish(maya, **told))[0]


def bought(number: int, way: str) -> StoreEvent:
    """The shop's word that an order committed, as the webhook door records it."""
    buyers = {
        "same cart": Buyer(email=f"friend{number}@example.com"),
        "same address": Buyer(email=f" Race{number}@Example.com"),
        "same phone": Buyer(email=f"work{number}@example.com", phone=PHONE.format(number)),
    }
    token = f"cart-{number}" if way == "same cart" else f"other-{number}"
    told = order(f"order-{number}", buyer=buyers[way], checkout_token=token, placed_at=NOON)
    record(
        source="saleor",
        kind="order",
        subject_id=told.order_id,
        updated_at=told.updated_at,
        payload=told.model_dump(mode="json"),
        email=normalise_email(told.buyer.email),
        checkout_token=token,
        now=NOON,
    )
    return StoreEvent.objects.get(subject_id=told.order_id)


class Till:
    """Stops the shop's answer before or after the proof of purchase is read."""

    def __init__(self, shop, *, before: bool) -> None:
        self.is_reading, self.may_go_on = threading.Event(), threading.Event()
        read = shop.purchases

        def purchases(questions):
            found = None if before else read(questions)
            self.is_reading.set()
            assert self.may_go_on.wait(20)
            return read(questions) if found is None else found

        shop.purchases = purchases


@pytest.mark.parametrize("way", ["same cart", "same address"])
def test_an_order_that_commits_before_the_claim_reads_stops_it_though_nobody_handled_it(
    shop, provider, way
):
    reminder(1)
    till = Till(shop, before=True)

    def buys() -> None:
        assert till.is_reading.wait(20)
        bought(1, way)
        till.may_go_on.set()

    side_by_side(lambda: dispatch.release(now=NOON), buys)
    message = Message.objects.get()
    assert (message.state, message.reason) == ("dropped", "converted")
    assert provider.counts() == {}
    assert unexplained() == []


@pytest.mark.parametrize("way", ["same cart", "same address", "same phone"])
def test_an_order_that_comes_after_the_claim_has_read_commits_after_the_claim(shop, way):
    """The person is locked, so the order waits; the claim was true when it committed."""
    message = reminder(1)
    till = Till(shop, before=False)

    def buys() -> None:
        assert till.is_reading.wait(20)
        pipeline.handle_store_event(event=bought(1, way), now=NOON)

    def lets_go() -> None:
        assert till.is_reading.wait(20)
        wait_until(somebody_waits_for_a_lock)
        till.may_go_on.set()

    claimed, *_ = side_by_side(lambda: claim(now=NOON).claimed, buys, lets_go)
    assert [one.id for one in claimed] == [message.pk]
    assert (clockwork.counted("claimed"), clockwork.counted("ordered") > 0) == (1, True)
    assert clockwork.too_late("ordered") == []


def test_orders_and_claims_in_any_order_and_no_claim_after_an_order(provider):
    """By the order of commits where the order is applied, by the clock on the wall where it only lies there."""
    began, chance = time.monotonic(), random.Random(7)
    ways = ("same cart", "same address", "same phone")
    messages = [reminder(number) for number in range(PEOPLE)]
    recorded: dict[int, float] = {}
    claimed: dict[int, float] = {}

    def buys() -> None:
        for number in chance.sample(range(PEOPLE), PEOPLE):
            way = ways[number % 3]
            event = bought(number, way)
            if way != "same phone":
                recorded[messages[number].pk] = time.monotonic()
            if number % 4:
                pipeline.handle_store_event(event=event, now=NOON)

    def claims() -> None:
        while Message.objects.filter(state="ready").exists():
            before = time.monotonic()
            claimed.update({one.id: before for one in claim(now=NOON, limit=2).claimed})
            time.sleep(0.01)

    side_by_side(buys, claims, claims)
    assert clockwork.too_late("ordered") == []
    late = [pk for pk, at in claimed.items() if recorded.get(pk, at) < at]
    assert late == [], f"claimed after the order lay in the inbox (began {began})"
    assert 0 < len(claimed) < PEOPLE, "only one side ever won: this was no race"
    dispatch.release(now=NOON + timedelta(minutes=1))
    assert provider.counts() == {}
    assert states()["ready"] == 0
    assert unexplained() == []
