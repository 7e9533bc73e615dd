"""The tasks: turn by turn, under a lease, and nothing they meet stops them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cavaco_plugin import schedule, tasks
from cavaco_plugin.events import leases
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.events.operations import record
from cavaco_plugin.kernel import database
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.store.snapshots import Buyer
from tests.path.shop import Shop
from tests.path.world import deliver

pytestmark = pytest.mark.django_db

ANNA = Buyer(email="anna@example.com", country="DE", language="EN")


@pytest.fixture
def today(shop: Shop) -> Shop:
    """The shop lives now, for tasks read the clock themselves."""
    shop.now = timezone.now() - timedelta(minutes=70)
    shop.tell = deliver
    return shop


def test_one_tick_takes_a_cart_all_the_way(today, mailbox):
    today.cart("c1", buyer=ANNA, consent_declaration="email")
    tasks.tick()
    assert StoreEvent.objects.get().handled_at is not None
    message = Message.objects.get()
    assert message.template_key == "cart_reminder_1"
    assert message.state in {"accepted", "ready"}


def test_a_poisoned_event_is_put_aside_and_the_tick_goes_on(today, mailbox):
    now = today.now
    record(
        source="saleor",
        kind="order",
        subject_id="bad",
        updated_at=now,
        now=now,
        payload={"order_id": "bad"},
    )
    today.cart("c1", buyer=ANNA)
    tasks.handle_store_events()
    tasks.handle_store_events()
    poisoned, healthy = StoreEvent.objects.order_by("id")
    assert (poisoned.attempts, poisoned.handled_at) == (1, None)
    assert poisoned.retry_at > timezone.now()
    assert healthy.handled_at is not None


def test_a_worker_passes_by_what_another_is_at(today, mailbox):
    today.cart("c1", buyer=ANNA)
    now = timezone.now()
    assert leases.take(name="tick", until=now + timedelta(minutes=1), now=now)
    tasks.tick()
    assert StoreEvent.objects.get().handled_at is None
    leases.give_back(name="tick", now=timezone.now())
    tasks.tick()
    assert StoreEvent.objects.get().handled_at is not None


def test_the_lease_of_a_worker_that_died_ends():
    now = timezone.now()
    assert leases.take(name="tick", until=now + timedelta(seconds=90), now=now)
    assert not leases.take(name="tick", until=now + timedelta(seconds=150), now=now)
    later = now + timedelta(seconds=90)
    assert leases.take(name="tick", until=later + timedelta(seconds=90), now=later)


def test_the_tasks_write_with_the_hosts_permission(today, mailbox):
    asked: list[str] = []

    class Permission:
        def __enter__(self) -> None:
            asked.append("in")

        def __exit__(self, *_: object) -> None:
            asked.append("out")

    former = list(database._writers)
    database.use_writer(Permission)
    try:
        tasks.tick()
    finally:
        database._writers[:] = former
    assert asked == ["in", "out"]


def test_every_scheduled_task_exists_and_takes_whatever_it_is_handed(today, mailbox):
    from celery import current_app

    names = {entry["task"] for entry in schedule.SCHEDULE.values()}
    assert names <= set(current_app.tasks)
    for name in sorted(names):
        current_app.tasks[name].apply(kwargs={"from_a_newer_release": 1}, throw=True)
