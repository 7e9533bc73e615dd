"""One intended message is sent at most once and none is lost, whoever dies in between."""

import random
from datetime import timedelta

import pytest

from cavaco_plugin.hosts.app.loopback.script import TimeOutAfterAccepting
from cavaco_plugin.outbox.models import Attempt, Message
from tests.outbox.makers import NOON, admit, person, wish
from tests.promises.accounts import assert_once, open_messages, states, unexplained

pytestmark = pytest.mark.django_db(transaction=True)
# Later than any lease that a dead worker left behind.
NEXT_ROUND = timedelta(minutes=6)
WORKERS = 32


def assert_nothing_is_lost(audience: int, provider) -> None:
    """Audience = sum of final states, each message in one of them, each with its reason."""
    assert open_messages() == []
    assert sum(states().values()) == audience
    assert_once(provider.counts())
    assert unexplained() == []


@pytest.mark.parametrize(
    ("people", "seeds"),
    [
        (120, range(1)),
        pytest.param(2000, range(5), marks=[pytest.mark.slow, pytest.mark.timeout(1200)]),
    ],
    ids=["a_hundred", "ten_thousand"],
)
def test_thirty_two_workers_half_of_them_killed_send_everything_once(crew, provider, people, seeds):
    audience = hit = 0
    for seed in [*seeds, *range(100, 104)]:
        if seed >= 100 and were_taken_and_not_noted(provider):
            break
        admit(*(wish(person()) for _ in range(people)))
        audience += people
        # Taken at once, answered later: that is when most of them die.
        provider.behave(*[TimeOutAfterAccepting(0.3)] * people)
        taken_before = provider.counts().total()
        hit += crew.run_and_kill(
            WORKERS,
            victims=WORKERS // 2,
            chance=random.Random(seed),
            clock=NOON,
            limit=2,
            once=lambda before=taken_before: provider.counts().total() > before,
        )
        crew.run(4, clock=NOON + NEXT_ROUND)
    assert were_taken_and_not_noted(provider), "nobody died in the act: the test proves nothing"
    assert_nothing_is_lost(audience, provider)
    assert set(states()) <= {"accepted", "unknown"}
    assert states()["unknown"] <= hit * 2, "a dead worker had no more than this in hand"
    assert not Attempt.objects.filter(number__gt=1).exists()


def were_taken_and_not_noted(provider) -> set[str]:
    """What the provider has and no worker lived to write down."""
    unknown = Message.objects.filter(state="unknown").values_list("public_id", flat=True)
    return set(unknown) & set(provider.counts())


def test_an_unknown_message_is_never_offered_again_however_long_one_waits(crew, provider):
    (message,) = admit(wish(person(), expires_at=NOON + timedelta(days=30)))
    Message.objects.filter(pk=message.pk).update(
        state="sending", claim_token="gone", lease_until=NOON, provider="sendgrid"
    )
    for hours in (1, 5, 48, 200):
        crew.run(2, clock=NOON + timedelta(hours=hours))
    assert states() == {"unknown": 1}
    assert provider.counts() == {}
