"""No reminder of a cart is sent once its person or its cart has an order; all others are."""

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from cavaco_plugin.store.snapshots import Buyer
from tests.path.world import poke
from tests.promises.shopping import (
    ANNA,
    ANNA_AT_WORK,
    ANNAS_ACCOUNT,
    BEN,
    HOME,
    PHONING_ANNA,
    Shopping,
)

pytestmark = pytest.mark.django_db


def days_with(mailboxes) -> type[Shopping]:
    class Days(Shopping):
        providers = mailboxes
        checked: ClassVar[list[str]] = []
        owed: ClassVar[list[str]] = []

    return Days


@pytest.mark.parametrize(
    "histories",
    [35, pytest.param(1500, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])],
    ids=["thirty_five", "fifteen_hundred"],
)
def test_whatever_people_do_in_whatever_order(providers, flows, histories):
    days = days_with(providers)
    run_state_machine_as_test(
        days,
        settings=settings(
            max_examples=histories,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(days.checked) > histories / 10, "hardly anything was sent: this proves nothing"
    assert days.owed, "nobody ever had to be reminded"


@pytest.mark.parametrize("is_asked_for", [True, False], ids=["asked for", "not asked for"])
@pytest.mark.parametrize(
    ("leaves", "buys", "token", "reminders"),
    [
        (ANNA, ANNA, "", 0),
        (ANNA, BEN, "c0", 0),
        (PHONING_ANNA, ANNA_AT_WORK, "", 0),
        (ANNAS_ACCOUNT, Buyer(user_id="7", email="new@example.com", **HOME), "", 0),
        (ANNA, BEN, "", 1),
        (ANNA, ANNA_AT_WORK, "", 1),
    ],
    ids=["address", "cart", "phone", "account", "somebody else", "nobody could know"],
)
def test_an_order_that_nobody_told_us_of_counts_by_every_key_we_know(
    providers, flows, leaves, buys, token, reminders, is_asked_for
):
    day = days_with(providers)()
    try:
        day.open_the_shop(tell=poke, buyer=leaves)
        day.pay_at_the_last_moment(buyer=buys, token=token, is_asked_for=is_asked_for)
        assert len(day.checked) == reminders
    finally:
        day.teardown()
