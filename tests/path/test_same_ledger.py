"""The same days in the shop end in the same ledger, however we heard of them."""

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.profiles.models import ContactPoint
from cavaco_plugin.store import port
from tests.path.histories import HISTORIES, Step, play
from tests.path.shop import Shop
from tests.path.world import deliver, ledger, let_pass, poke, take_in, tick

pytestmark = pytest.mark.django_db
PROPERTY = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ending(days: Callable[[Shop], None], *, tell) -> dict[str, object]:
    """What is in the tables after these days and three more; nothing is kept."""
    shop = Shop(tell=tell)
    former = list(port._stores)
    port.use(shop)
    try:
        with transaction.atomic():
            shop.pass_time(minutes=1)
            days(shop)
            found = {
                "ledger": ledger(),
                "runs": list(
                    Enrolment.objects.order_by("flow__key", "state", "reason").values_list(
                        "flow__key", "state", "reason"
                    )
                ),
                "people": people(),
            }
            transaction.set_rollback(True)
    finally:
        port._stores[:] = former
    return found


def people() -> list[list[str]]:
    """The contact points that belong together."""
    by_profile: dict[int, list[str]] = {}
    for profile_id, value in ContactPoint.objects.values_list("profile_id", "value"):
        by_profile.setdefault(profile_id, []).append(value)
    return sorted(sorted(values) for values in by_profile.values())


def lived(history: list[Step], *, reconciles: bool) -> Callable[[Shop], None]:
    def days(shop: Shop) -> None:
        for step in history:
            play(shop, step)
            tick(shop, reconciles=reconciles)
        let_pass(shop, hours=72, step=240, reconciles=reconciles)

    return days


# Somebody is reminded, joins, buys, is thanked; somebody else shares her phone.
EVENTFUL = [
    ("cart", 0, 0, 2),
    ("wait", 65, 0, 0),
    ("account", 7, 0, 1),
    ("cart", 1, 2, 1),
    ("buy_cart", 0, 1, 0),
    ("send", 0, 0, 0),
    ("cart", 2, 3, 1),
]


@PROPERTY
@given(history=HISTORIES)
@example(history=EVENTFUL)
def test_hooks_webhooks_and_the_reconciler_alone_end_in_the_same_ledger(shop, every_flow, history):
    by_hooks = ending(lived(history, reconciles=False), tell=poke)
    by_webhooks = ending(lived(history, reconciles=False), tell=deliver)
    by_reading = ending(lived(history, reconciles=True), tell=None)
    by_both = ending(lived(history, reconciles=True), tell=poke)
    assert by_reading == by_hooks == by_webhooks == by_both


@PROPERTY
@given(history=HISTORIES, data=st.data())
def test_everything_told_five_times_out_of_order_ends_in_the_same_ledger(
    shop, every_flow, history, data
):
    def in_order(shop: Shop) -> None:
        for step in history:
            play(shop, step)
        for kind, subject_id, snapshot in shop.history:
            deliver(kind, subject_id, snapshot.updated_at, snapshot)
            take_in(shop.now)
        let_pass(shop, hours=72, step=240)

    def shuffled(shop: Shop) -> None:
        for step in history:
            play(shop, step)
        for kind, subject_id, snapshot in data.draw(st.permutations(shop.history * 5)):
            deliver(kind, subject_id, snapshot.updated_at, snapshot)
            take_in(shop.now)
        let_pass(shop, hours=72, step=240)

    assert ending(shuffled, tell=None) == ending(in_order, tell=None)


def test_those_days_are_not_empty(shop, every_flow):
    found = ending(lived(EVENTFUL, reconciles=False), tell=poke)
    assert {state for _, _, state, _ in found["ledger"]} >= {"accepted"}
    assert {flow for flow, _, _ in found["runs"]} == {"abandoned_cart", "post_purchase", "welcome"}
    assert ["7", "anna@example.com"] in found["people"]
