"""Random policies, random wishes, random moments: the ledger against counting by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Min
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cavaco_plugin.outbox.claim import claim
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.store import port
from tests.outbox.makers import NOON, admit, grant, person, wish
from tests.path.shop import Shop
from tests.promises.accounts import unexplained

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"
TOPICS = ("cart_reminders", "newsletter")
HOUR = timedelta(hours=1)

LENGTHS = st.sampled_from((2, 7, 24, 60))
ROLLING = LENGTHS.map(lambda hours: {"kind": "rolling", "length": f"PT{hours}H"})
CALENDAR = st.sampled_from(("day", "week")).map(lambda unit: {"kind": "calendar", "unit": unit})
SCOPES = st.sampled_from(
    (
        {"scope": "all"},
        {"scope": "channel"},
        {"scope": "channel", "only": "sms"},
        {"scope": "topic"},
        {"scope": "topic", "only": "newsletter"},
    )
)
CAPS = st.builds(
    lambda scope, window, messages: {**scope, "window": window, "messages": messages},
    SCOPES,
    st.one_of(ROLLING, CALENDAR),
    st.integers(0, 4),
)
WISHES = st.tuples(
    st.integers(0, 50),
    st.sampled_from(("email", "sms")),
    st.sampled_from(TOPICS),
    st.integers(1, 80),
)


class Sent(NamedTuple):
    """One message of the ledger that took a place."""

    at: datetime
    channel: str
    topic: str


def is_over(cap: dict[str, Any], sent: list[Sent]) -> Iterator[list[Sent]]:
    """Every window in which more was sent than the cap allows, by counting."""
    counted = [one for one in sent if applies(cap, one)]
    for last in counted:
        alike = [one for one in counted if is_together(cap, one, last)]
        inside = [one for one in alike if is_inside(cap["window"], one.at, last.at)]
        if len(inside) > cap["messages"]:
            yield inside


def applies(cap: dict[str, Any], one: Sent) -> bool:
    return "only" not in cap or cap["only"] == getattr(one, cap["scope"])


def is_together(cap: dict[str, Any], one: Sent, other: Sent) -> bool:
    return cap["scope"] == "all" or getattr(one, cap["scope"]) == getattr(other, cap["scope"])


def is_inside(window: dict[str, Any], one: datetime, last: datetime) -> bool:
    if window["kind"] == "rolling":
        length = timedelta(hours=int(window["length"][2:-1]))
        return last - length < one <= last
    day, until = (at.astimezone(ZoneInfo(ZONE)).date() for at in (one, last))
    if window["unit"] == "week":
        day, until = (each - timedelta(days=each.weekday()) for each in (day, until))
    return day == until and one <= last


def claims_on(sent: list[Sent], caps: list[dict[str, Any]]) -> None:
    """Go from one due moment to the next: each yes is right, and nothing waits for nothing."""
    ready = Message.objects.filter(state="ready")
    while (now := ready.aggregate(first=Min("due_at"))["first"]) is not None:
        for one in claim(now=now).claimed:
            sent.append(Sent(now, one.intent.channel, one.intent.topic))
        for message in ready.filter(reason="capped"):
            assert message.due_at > now, "held until a moment that is over"
            early = max(now, message.due_at - timedelta(milliseconds=2))
            would = [*sent, Sent(early, message.channel, message.topic)]
            assert any(list(is_over(cap, would)) for cap in caps), "held though there was room"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    caps=st.lists(CAPS, min_size=1, max_size=3), wishes=st.lists(WISHES, min_size=4, max_size=14)
)
def test_no_window_of_any_rule_ever_holds_more_than_its_cap(providers, caps, wishes):
    port.use(Shop())
    with transaction.atomic():
        definition = {"caps": caps, "quiet_hours": {}, "max_hold": "P5D"}
        policy.publish(definition=definition, now=NOON)
        maya = person(phone="+447700900123", consents=False)
        maya.time_zone = ZONE
        maya.save()
        for topic in TOPICS:
            for channel in ("email", "sms"):
                grant(maya, channel=channel, topic=topic)
        for due, channel, topic, lasts in wishes:
            moments = {
                "due_at": NOON + due * HOUR,
                "expires_at": NOON + (due + lasts) * HOUR,
            }
            admit(wish(maya, channel=channel, topic=topic, **moments), now=NOON)
        sent: list[Sent] = []
        claims_on(sent, caps)
        for cap in caps:
            assert list(is_over(cap, sent)) == [], cap
        left = Message.objects.exclude(state="claimed")
        assert set(left.values_list("state", "reason")) <= {
            ("dropped", "capped"),
            ("dropped", "expired"),
        }
        assert len(sent) + left.count() == len(wishes)
        assert unexplained() == []
        transaction.set_rollback(True)
