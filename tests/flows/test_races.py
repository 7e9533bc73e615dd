"""The same things at the same time, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows import timers
from cavaco_plugin.flows.models import Enrolment, PathEntry, Timer
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles import operations as profiles
from tests.flows.makers import (
    DAY,
    HOUR,
    NINE,
    agrees,
    asked,
    cart,
    happens,
    only_run,
    order,
    own_flow,
    person,
    switched_on,
)

pytestmark = pytest.mark.django_db(transaction=True)
STEPS: list[dict[str, Any]] = [
    {"id": "day", "type": "delay", "for": "P1D", "next": "mail"},
    {"id": "mail", "type": "send_message", "template": "welcome_1", "channel": "email"},
]


def _together(*calls: Callable[[], object]) -> list[object]:
    """Each call in a thread and a connection of its own, all let go at once."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            gate.wait(timeout=10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, c) for c in calls]]


def test_the_same_trigger_ten_times_at_once_lets_the_person_in_once() -> None:
    switched_on("welcome")
    change = agrees(person(), at=NINE)
    _together(*[lambda: flows.take(changes=[change], now=NINE)] * 10)
    assert only_run().state == "live"
    assert asked() == ["welcome_1"]


def test_two_triggers_at_once_make_one_live_run() -> None:
    switched_on("welcome")
    maya = person(phone="+447700900123", agreed=("email", "sms"))
    both = [agrees(maya, at=NINE), agrees(maya, at=NINE, channel="sms")]
    _together(*[lambda c=change: flows.take(changes=[c], now=NINE) for change in both * 4])
    assert only_run().state == "live"
    assert asked() == ["welcome_1"]


def test_eight_workers_fire_each_timer_once() -> None:
    own_flow("hello", STEPS)
    for _ in range(60):
        flows.take(changes=[agrees(person(), at=NINE)], now=NINE)
    counts = _together(*[lambda: timers.fire_due(now=NINE + DAY, limit=20)] * 8)
    while timers.fire_due(now=NINE + DAY):
        pass
    assert sum(map(int, counts)) <= 60  # type: ignore[call-overload]
    assert asked() == ["welcome_1"] * 60
    assert PathEntry.objects.filter(step_id="mail").count() == 60
    assert not Enrolment.objects.exclude(state="completed").exists()
    assert not Timer.objects.exists()


def test_an_order_and_the_clock_at_once_leave_nothing_to_send() -> None:
    switched_on("abandoned_cart")
    people = [person() for _ in range(8)]
    for number, maya in enumerate(people):
        happens(maya, cart(f"cart-{number}", at=NINE))
    timers.fire_due(now=NINE + HOUR)
    bought = [lambda n=n, maya=maya: _buys(maya, n) for n, maya in enumerate(people)]
    _together(*bought, *[lambda: timers.fire_due(now=NINE + 24 * HOUR)] * 4)
    while timers.fire_due(now=NINE + 24 * HOUR):
        pass
    assert set(Enrolment.objects.values_list("state", "reason")) == {("goal", "converted")}
    assert not Message.objects.exclude(state="dropped").exists()
    assert not Timer.objects.filter(kind="enrolment").exists()


def _buys(maya: Any, number: int) -> None:
    with transaction.atomic():
        profiles.lock([maya.pk])
        happens(maya, order(f"order-{number}", at=NINE + 23 * HOUR), now=NINE + 24 * HOUR)


def test_the_clock_waits_for_nobody_and_comes_back_for_them() -> None:
    own_flow("hello", STEPS)
    held, free = person(), person()
    for maya in (held, free):
        flows.take(changes=[agrees(maya, at=NINE)], now=NINE)
    is_held, let_go = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            profiles.lock([held.pk])
            is_held.set()
            let_go.wait(timeout=30)

    def fire() -> None:
        is_held.wait(timeout=10)
        try:
            timers.fire_due(now=NINE + DAY)
        finally:
            let_go.set()

    _together(hold, fire)
    assert [message.profile_id for message in Message.objects.all()] == [free.pk]
    timers.fire_due(now=NINE + DAY)
    assert Message.objects.filter(profile_id=held.pk).count() == 1


def test_publishing_the_same_thing_at_once_makes_one_version() -> None:
    own_flow("hello", STEPS)
    definition = {
        "schema": 1,
        "name": "Hello again",
        "topic": "newsletter",
        "trigger": {"type": "consent_granted"},
        "start": "day",
        "steps": STEPS,
    }
    made = _together(
        *[lambda: flows.publish(key="hello", definition=definition, now=NINE).number] * 6
    )
    assert made == [2] * 6
