"""One intended message is sent at most once and none is lost, whoever dies in between."""

import random
from datetime import timedelta

import pytest

from cavaco_plugin.outbox.models import Attempt, Message
from tests.outbox.makers import NOON, admit, person, wish
from tests.promises.accounts import assert_once, open_messages, states, unexplained

pytestmark = pytest.mark.django_db(transaction=True)
# Later than any lease that a dead worker left behind.
NEXT_ROUND = timedelta(minutes=6)


def assert_nothing_is_lost(audience: int, provider) -> None:
    """Audience = sum of final states, each message in one of them, each with its reason."""
    assert open_messages() == []
    assert sum(states().values()) == audience
    assert_once(provider.counts())
    assert unexplained() == []


@pytest.mark.parametrize(
    ("people", "workers", "seeds"),
    [
        (200, 32, 1),
        pytest.param(2000, 32, 5, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    ],
    ids=["two_hundred", "ten_thousand"],
)
def test_thirty_two_workers_half_of_them_killed_send_everything_once(
    crew, provider, people, workers, seeds
):
    hit = 0
    for seed in range(seeds):
        admit(*(wish(person()) for _ in range(people)))
        provider.slow(0.02)
        hit += crew.run_and_kill(
            workers, victims=workers // 2, chance=random.Random(seed), clock=NOON, limit=5
        )
        crew.run(4, clock=NOON + NEXT_ROUND)
    assert hit > 0, "nobody was killed at work: the test proves nothing"
    assert_nothing_is_lost(people * seeds, provider)
    assert set(states()) <= {"accepted", "unknown"}
    lost_track = states()["unknown"]
    assert lost_track <= hit * 5, "a dead worker leaves no more unknown than it had in hand"
    never_retried = Attempt.objects.filter(number__gt=1)
    assert not never_retried.exists()


def test_an_unknown_message_is_never_offered_again_however_long_one_waits(crew, provider):
    (message,) = admit(wish(person(), expires_at=NOON + timedelta(days=30)))
    Message.objects.filter(pk=message.pk).update(
        state="sending", claim_token="gone", lease_until=NOON, provider="sendgrid"
    )
    for hours in (1, 5, 48, 200):
        crew.run(2, clock=NOON + timedelta(hours=hours))
    assert states() == {"unknown": 1}
    assert provider.counts() == {}
