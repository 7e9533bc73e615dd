"""Two hundred at once for one person: three messages a week go out, over all channels together."""

import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from cavaco_plugin.outbox import sweeper
from cavaco_plugin.outbox.claim import claim
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.outbox.operations import admit
from cavaco_plugin.policy.models import CapRing
from tests.faults.together import together
from tests.outbox.makers import NOON, person, wish
from tests.promises.accounts import states, unexplained

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 200


@pytest.fixture
def maya(provider, texts):
    return person(phone="+447700900123")


def wishes(maya, number: int):
    """As many e-mails as texts, some of one topic and some of another, one after the other due."""
    return [
        wish(maya, channel=("email", "sms")[turn % 2], priority=50 + turn % 7)
        for turn in range(number)
    ]


def test_two_hundred_claim_for_one_person_and_three_get_through(maya):
    admit(wishes(maya, THREADS), now=NOON)
    claimed: Counter[str] = Counter()
    counting = threading.Lock()

    def work(number: int) -> None:
        chance = random.Random(number)
        for _ in range(4):
            batch = claim(now=NOON + timedelta(seconds=number), limit=chance.randint(1, 5))
            with counting:
                claimed.update(message.intent.channel for message in batch.claimed)

    together(THREADS, work)
    while claim(now=NOON + timedelta(hours=1)).held:
        pass
    assert sum(claimed.values()) == 3
    assert states() == {"claimed": 3, "dropped": THREADS - 3}
    assert set(Message.objects.filter(state="dropped").values_list("reason", flat=True)) == {
        "capped"
    }
    assert len(CapRing.objects.get().sends) == 3
    assert unexplained() == []


def test_places_given_back_are_taken_again_and_never_twice(maya, provider):
    """Workers die with their claims; whoever comes after them finds three places, not more."""
    late = timedelta(days=20)
    admit([wish(maya, expires_at=NOON + late) for _ in range(40)], now=NOON)
    taken = []
    for turn in range(5):
        now = NOON + timedelta(minutes=6 * turn)
        sweeper.recover_expired_leases(now=now)
        together(20, lambda number, now=now: claim(now=now, limit=2))
        claim(now=now, limit=40)
        Message.objects.filter(state="ready").update(due_at=NOON)
        taken.append((states()["claimed"], len(CapRing.objects.get().sends)))
    assert taken == [(3, 3)] * 5


def test_a_wish_made_two_hundred_times_at_once_is_one_message(maya):
    one = wish(maya)
    together(THREADS, lambda number: admit([one], now=NOON))
    assert states() == {"ready": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cavaco_decision")
        assert cursor.fetchone() == (1,)
