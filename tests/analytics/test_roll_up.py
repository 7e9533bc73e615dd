from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cavaco_plugin.analytics import operations as analytics
from cavaco_plugin.analytics.models import DailyCount
from cavaco_plugin.analytics.queries import (
    ReasonCount,
    StepCount,
    counts_by_reason,
    counts_by_step,
)
from cavaco_plugin.outbox.models import Message
from tests.outbox.makers import NOON, admit, flow, person, wish

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def maya():
    return person()


def ended(
    profile, state, *, reason="", at=NOON, sent=True, in_flow=None, step="", price=None, **values
):
    (message,) = admit(wish(profile))
    fields = {
        "state": state,
        "reason": reason,
        "final_at": at,
        "sent_at": at if sent else None,
        "flow": in_flow,
        "step_id": step,
        "price": price,
        "price_currency": "USD" if price else "",
    } | values
    Message.objects.filter(pk=message.pk).update(**fields)
    return message


def counts():
    rows = DailyCount.objects.order_by("day", "channel", "state", "reason", "price_currency")
    return [(row.day.isoformat(), row.state, row.reason, row.messages) for row in rows]


def test_messages_are_counted_by_day_state_and_reason(maya):
    ended(maya, "delivered")
    ended(maya, "delivered", at=NOON - timedelta(days=1))
    ended(maya, "dropped", reason="capped", sent=False)
    ended(maya, "dropped", reason="capped", sent=False)
    analytics.roll_up(now=NOON)
    assert counts() == [
        ("2026-11-17", "delivered", "", 1),
        ("2026-11-18", "delivered", "", 1),
        ("2026-11-18", "dropped", "capped", 2),
    ]


def test_counting_again_changes_nothing(maya):
    ended(maya, "delivered", price=Decimal("0.0075"))
    analytics.roll_up(now=NOON)
    before = list(DailyCount.objects.values())
    analytics.roll_up(now=NOON)
    assert list(DailyCount.objects.values()) == before


def test_what_the_ledger_no_longer_says_vanishes(maya):
    message = ended(maya, "accepted")
    analytics.roll_up(now=NOON)
    Message.objects.filter(pk=message.pk).update(state="delivered")
    analytics.roll_up(now=NOON)
    assert counts() == [("2026-11-18", "delivered", "", 1)]


def test_days_that_are_over_are_left_as_they_were_counted(maya):
    DailyCount.objects.create(
        day=TODAY - timedelta(days=3), channel="email", state="delivered", messages=7
    )
    ended(maya, "delivered", at=NOON - timedelta(days=3))
    analytics.roll_up(now=NOON)
    assert counts() == [("2026-11-15", "delivered", "", 7)]
    analytics.roll_up(now=NOON, days=4)
    assert counts() == [("2026-11-15", "delivered", "", 1)]


def test_a_day_is_a_day_in_utc_from_its_first_instant(maya):
    midnight = datetime(2026, 11, 16, tzinfo=UTC)
    ended(maya, "delivered", at=midnight)
    ended(maya, "delivered", at=midnight - timedelta(microseconds=1))
    analytics.roll_up(now=NOON)
    assert counts() == [("2026-11-16", "delivered", "", 1)]


def test_money_is_added_by_currency(maya):
    ended(maya, "delivered", price=Decimal("0.00750"))
    ended(maya, "delivered", price=Decimal("0.00500"))
    ended(maya, "delivered", price=Decimal("0.06000"), price_currency="EUR")
    analytics.roll_up(now=NOON)
    sums = dict(DailyCount.objects.values_list("price_currency", "price"))
    assert sums == {"USD": Decimal("0.01250"), "EUR": Decimal("0.06000")}


def test_what_waits_and_what_was_a_test_is_not_counted(maya):
    admit(wish(maya))
    ended(maya, "delivered", is_test=True)
    analytics.roll_up(now=NOON)
    assert counts() == []


def test_the_counts_add_up_to_the_ledger(maya):
    for state in ("accepted", "delivered", "failed", "unknown", "bounced"):
        ended(maya, state)
    ended(maya, "dropped", reason="no_consent", sent=False)
    analytics.roll_up(now=NOON)
    assert sum(row[3] for row in counts()) == Message.objects.filter(final_at__isnull=False).count()


def test_the_funnel_of_a_flow_and_the_reasons(maya):
    cart = flow()
    ended(maya, "delivered", in_flow=cart, step="first")
    ended(maya, "delivered", in_flow=cart, step="first", at=NOON - timedelta(days=1))
    ended(maya, "dropped", reason="converted", in_flow=cart, step="second", sent=False)
    ended(maya, "dropped", reason="capped", sent=False)
    ended(maya, "dropped", reason="capped", sent=False)
    analytics.roll_up(now=NOON)
    days = {"first_day": TODAY - timedelta(days=2), "last_day": TODAY}
    assert counts_by_step(flow_id=cart.pk, **days) == [
        StepCount("first", "email", "delivered", 2),
        StepCount("second", "email", "dropped", 1),
    ]
    assert counts_by_reason(**days) == [
        ReasonCount("capped", "dropped", 2),
        ReasonCount("converted", "dropped", 1),
    ]
    assert counts_by_reason(flow_id=cart.pk, **days) == [ReasonCount("converted", "dropped", 1)]
