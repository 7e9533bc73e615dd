"""People leave while messages are claimed: nothing is claimed once the withdrawal has committed."""

import random
import threading
import time

import pytest

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.feedback import consequences
from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.claim import claim
from cavaco_plugin.outbox.models import Message
from tests.faults import clockwork
from tests.faults.together import side_by_side
from tests.outbox.makers import NOON, TOPIC, admit, person, wish
from tests.promises.accounts import states, unexplained

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
    "seconds", [4, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(300)])]
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
    admit(wish(maya))
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
