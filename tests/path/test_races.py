"""Workers side by side on the same people."""

import random
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from cavaco_plugin import pipeline
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.events.operations import fail
from cavaco_plugin.events.queries import open_events
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import ContactPoint, MergeLog, Profile
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from cavaco_plugin.store.snapshots import Buyer
from tests.path.world import deliver, ledger, let_pass, take_in, tick

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = Buyer(email="anna@example.com", country="DE", language="EN")
AGREED = {"consent_declaration": "email"}


def start(work: Callable[[], None], errors: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_while_an_order_is_being_taken_in_its_person_is_not_claimed(shop, mailbox):
    """The claim meets the open transaction, passes the person by, and sees the purchase next time."""
    shop.tell = deliver
    shop.purchases = lambda questions: {}
    shop.cart("c1", buyer=ANNA, **AGREED)
    tick(shop)
    shop.pass_time(minutes=61)
    shop.order("o1", buyer=Buyer(email="anna@example.com"))
    pipeline.run_due(now=shop.now)
    assert Message.objects.get().state == "ready"
    is_held, may_commit, errors = threading.Event(), threading.Event(), []

    def take_in_slowly() -> None:
        with transaction.atomic():
            pipeline.handle_store_event(event=StoreEvent.objects.get(kind="order"), now=shop.now)
            is_held.set()
            may_commit.wait(20)

    slow = start(take_in_slowly, errors)
    assert is_held.wait(20)
    try:
        pipeline.release_due(now=shop.now)
        assert mailbox.ledger.messages == []
    finally:
        may_commit.set()
        slow.join()
    pipeline.release_due(now=shop.now)
    assert errors == []
    assert mailbox.ledger.messages == []
    assert {(state, reason) for _, _, state, reason in ledger()} == {("dropped", "converted")}


def test_many_workers_on_one_shuffled_inbox_end_where_one_would(shop, mailbox):
    """Guests who become customers, carts that become orders; six workers, each event five times over."""
    shop.tell = None
    for number in range(12):
        email, phone = f"p{number}@example.com", f"+4930123450{number:02}"
        guest = Buyer(email=email, country="DE")
        shop.cart(f"c{number}", buyer=guest, **AGREED)
        shop.cart(f"d{number}", buyer=Buyer(phone=phone, country="DE"))
        shop.customer(str(number), email)
        known = Buyer(user_id=str(number), email=email, phone=phone, country="DE")
        shop.order(f"o{number}", buyer=known, token=f"c{number}" if number % 2 else "")
    told = shop.history * 5
    random.Random(7).shuffle(told)
    for kind, subject_id, snapshot in told:
        deliver(kind, subject_id, snapshot.updated_at, snapshot)
    errors: list[BaseException] = []

    def work() -> None:
        for _ in range(200):
            found = open_events(now=shop.now, limit=5)
            if not found:
                return
            for event in found:
                try:
                    pipeline.handle_store_event(event=event, now=shop.now)
                except Exception as error:
                    fail(event=event, error=error, now=shop.now)
                    raise

    for worker in [start(work, errors) for _ in range(6)]:
        worker.join()
    take_in(shop.now)

    assert errors == []
    assert not StoreEvent.objects.filter(handled_at=None).exists()
    standing = Profile.objects.filter(merged_into=None)
    assert standing.count() == 12
    assert all(profile.contact_points.count() == 3 for profile in standing)
    assert set(standing.values_list("orders_count", flat=True)) == {1}
    assert CheckoutCopy.objects.exclude(completed_at=None).count() == 6
    assert OrderCopy.objects.count() == 12
    let_pass(shop, hours=3)
    once = [row[1] for row in ledger()]
    assert sorted(once) == sorted(set(once))


def test_a_merge_while_messages_are_claimed_loses_and_doubles_none(shop, mailbox):
    for number in range(10):
        shop.cart(f"c{number}", buyer=Buyer(email=f"p{number}@example.com", country="DE"), **AGREED)
        shop.cart(f"d{number}", buyer=Buyer(phone=f"+493012345{number:02}", country="DE"))
    tick(shop)
    shop.pass_time(minutes=61)
    pipeline.run_due(now=shop.now)
    waiting = Message.objects.filter(state="ready").count()
    assert waiting >= 10
    for number in range(10):
        known = Buyer(email=f"p{number}@example.com", phone=f"+493012345{number:02}", country="DE")
        shop.cart(f"e{number}", buyer=known)
    errors: list[BaseException] = []
    workers = [start(lambda: take_in(shop.now), errors)]
    workers += [
        start(lambda: pipeline.release_due(now=shop.now, limit=3), errors) for _ in range(4)
    ]
    for worker in workers:
        worker.join()
    pipeline.release_due(now=shop.now)
    assert errors == []
    assert MergeLog.objects.count() == 10
    assert set(mailbox.ledger.counts.values()) == {1}
    assert not Message.objects.filter(state__in=["ready", "claimed", "sending"]).exists()
    owners = set(ContactPoint.objects.values_list("profile_id", flat=True))
    assert set(Message.objects.values_list("profile_id", flat=True)) <= owners
