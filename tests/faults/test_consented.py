"""People leave while messages are claimed: nothing is claimed once the withdrawal has committed."""

import random
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from cavaco_plugin.consent import links
from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import ConsentState
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.feedback import consequences
from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.claim import claim
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.operations import lock
from cavaco_plugin.web.throttle import public_posts
from tests.faults import clockwork
from tests.faults.together import side_by_side
from tests.outbox.makers import NOON, TOPIC, admit, person, wish
from tests.promises.accounts import assert_once, states, unexplained

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 60


@pytest.fixture(autouse=True)
def clock(provider):
    with clockwork.running():
        yield


def leave(profile, number: int) -> None:
    """By the pages' own operation, or by consent's alone, which stops nothing under way."""
    statement = Statement(source="test", key=f"leave:{profile.pk}", occurred_at=NOON)
    channel, topic = [("email", TOPIC), ("email", None), (None, None)][number % 3]
    way = consequences.withdraw if number % 2 else consent.withdraw
    way(profile_id=profile.pk, channel=channel, topic=topic, statement=statement, now=NOON)


def race(seed: int) -> None:
    """Sixty people leave one after the other while two workers claim a few at a time."""
    chance = random.Random(seed)
    people = [person() for _ in range(PEOPLE)]
    admit(*(wish(one) for one in people))
    leaving = chance.sample(people, PEOPLE)

    def claims() -> None:
        while Message.objects.filter(state="ready").exists():
            claim(now=NOON, limit=4)

    def leaves(share: int):
        return lambda: [leave(one, one.pk) for one in leaving[share::2]]

    side_by_side(claims, leaves(0), claims, leaves(1))


@pytest.mark.parametrize(
    "seconds", [6, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(300)])]
)
def test_thousands_of_withdrawals_and_no_claim_after_any(seconds):
    races = claims = seed = 0
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        race(seed)
        assert clockwork.too_late("withdrawn") == []
        assert unexplained() == []
        claims, races, seed = claims + clockwork.counted("claimed"), races + PEOPLE, seed + 1
        clockwork.forget()
        Message.objects.all().delete()
    assert 0 < claims < races, "only one side ever won: these were no races"


def test_between_the_claim_and_the_call_a_click_still_stops_the_message(provider, shop):
    """The claim committed first; but the provider has not heard of it, so it is not sent."""
    maya = person()
    (message,) = admit(wish(maya))
    rendering, left = threading.Event(), threading.Event()
    real = shop.shop

    def slow_shop(sales_channel):
        rendering.set()
        assert left.wait(20)
        return real(sales_channel)

    shop.shop = slow_shop

    def leaves() -> None:
        assert rendering.wait(20)
        leave(maya, 1)
        left.set()

    side_by_side(lambda: dispatch.release(now=NOON), leaves)
    assert (states(), provider.counts()) == ({"dropped": 1}, {})
    assert clockwork.too_late("withdrawn") == []
    assert unexplained() == []


def click(profile, settings) -> int:
    settings.ROOT_URLCONF = "cavaco_plugin.web.urls"
    public_posts._seen.clear()
    url = links.unsubscribe_url(
        doors_url="/", profile=profile.public_id, channel="email", topic=TOPIC
    )
    form = {"data": "List-Unsubscribe=One-Click"}
    answer = Client().post(url, content_type="application/x-www-form-urlencoded", **form)
    return answer.status_code


def withdrawn(profile) -> bool:
    return ConsentState.objects.filter(profile=profile, state="withdrawn", topic=TOPIC).exists()


def test_the_answer_to_a_click_waits_until_the_withdrawal_is_committed(settings, provider):
    """Somebody holds the person: the click is not answered, for it is not yet true."""
    maya, answered, waiting = person(), threading.Event(), threading.Event()
    admit(wish(maya))

    def holds() -> None:
        with transaction.atomic():
            lock([maya.pk])
            waiting.set()
            assert not answered.wait(0.5), "answered before it could commit"
        assert answered.wait(20)

    def clicks() -> None:
        assert waiting.wait(20)
        assert click(maya, settings) == 200
        answered.set()

    def looks() -> bool:
        assert answered.wait(20)
        return withdrawn(maya)

    assert side_by_side(holds, clicks, looks)[2] is True
    dispatch.release(now=NOON + timedelta(hours=1))
    assert (states(), provider.counts()) == ({"dropped": 1}, {})


def test_what_a_click_promised_holds_on_every_other_connection(settings, provider):
    """Clicks through the door against workers that really send."""
    people = [person() for _ in range(PEOPLE)]
    admit(*(wish(one) for one in people))

    def clicks() -> list[bool]:
        return [click(one, settings) == 200 and seen_elsewhere(one) for one in reversed(people)]

    def sends() -> None:
        while Message.objects.filter(state="ready").exists():
            dispatch.release(now=NOON, limit=4)

    seen, _ = side_by_side(clicks, sends)
    assert seen == [True] * PEOPLE
    assert clockwork.too_late("withdrawn") == []
    assert set(states()) <= {"accepted", "dropped"}
    assert_once(provider.counts())
    assert unexplained() == []


def seen_elsewhere(profile) -> bool:
    """Whether a connection opened only now sees the withdrawal."""
    connection.close()
    return withdrawn(profile)
