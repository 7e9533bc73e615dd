"""No reminder of a cart is sent once its person or its cart has an order; all others are."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.promises.shopping import Shopping

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "histories",
    [45, pytest.param(1500, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])],
    ids=["forty_five", "fifteen_hundred"],
)
def test_whatever_people_do_in_whatever_order(providers, flows, histories):
    class Days(Shopping):
        checked: list[str] = []
        owed: list[str] = []

    Days.providers = providers
    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=histories,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(Days.checked) > histories / 10, "hardly anything was sent: this proves nothing"
    assert Days.owed, "nobody ever had to be reminded"
