"""`kill -9` at chosen moments: what the message is then, and what becomes of it."""

from datetime import timedelta

import pytest
from django.db import transaction

from cavaco_plugin import pipeline
from cavaco_plugin.hosts.app.loopback.script import HangUpAfterAccepting, TimeOutAfterAccepting
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.policy.models import CapRing
from tests.faults.receipts import tell
from tests.faults.waiting import others_in_a_transaction, somebody_waits_for_a_lock, wait_until
from tests.outbox.makers import NOON, admit, person, wish
from tests.promises.accounts import assert_once, states, unexplained

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE_THE_LEASE_ENDS = NOON + timedelta(minutes=4)
AFTER_IT = NOON + timedelta(minutes=6)


def is_in(state: str) -> bool:
    return states()[state] == 1


def kill(worker) -> None:
    worker.kill()
    worker.join(10)


@pytest.fixture
def message(provider) -> Message:
    return admit(wish(person()))[0]


def test_killed_between_claim_and_call_the_message_goes_out_once_after_the_lease(
    crew, provider, message
):
    (worker,) = crew.start(1, clock=NOON, shop="stuck")
    wait_until(lambda: is_in("claimed"))
    kill(worker)
    pipeline.release_due(now=BEFORE_THE_LEASE_ENDS)
    assert states() == {"claimed": 1}
    pipeline.release_due(now=AFTER_IT)
    assert states() == {"accepted": 1}
    assert provider.counts() == {message.public_id: 1}
    # The place under the cap was given back, and taken once.
    assert len(CapRing.objects.get().sends) == 1
    assert unexplained() == []


def test_killed_inside_the_claim_nothing_has_happened(crew, provider, message):
    CapRing.objects.create(profile_id=message.profile_id, sends=[])
    with transaction.atomic():
        CapRing.objects.select_for_update().get()
        (worker,) = crew.start(1, clock=NOON)
        wait_until(somebody_waits_for_a_lock)
        kill(worker)
    wait_until(lambda: not others_in_a_transaction())
    assert states() == {"ready": 1}
    pipeline.release_due(now=NOON)
    assert provider.counts() == {message.public_id: 1}
    assert len(CapRing.objects.get().sends) == 1


@pytest.mark.parametrize("behaviour", [TimeOutAfterAccepting(60), HangUpAfterAccepting()])
def test_taken_but_never_answered_it_is_unknown_until_a_receipt_settles_it(
    crew, provider, message, behaviour
):
    provider.behave(behaviour)
    (worker,) = crew.start(1, clock=NOON)
    wait_until(lambda: bool(provider.counts()))
    if isinstance(behaviour, TimeOutAfterAccepting):
        assert is_in("sending")
        kill(worker)
    else:
        crew.join([worker])
    pipeline.release_due(now=AFTER_IT)
    assert states() == {"unknown": 1}
    pipeline.release_due(now=AFTER_IT + timedelta(hours=2))
    assert provider.counts() == {message.public_id: 1}
    tell(message, "delivered", at=AFTER_IT)
    assert states() == {"delivered": 1}
    assert_once(provider.counts())
    assert unexplained() == []


def test_killed_before_the_provider_took_it_nobody_dares_to_send_it_again(crew, provider, message):
    provider.slow(3600)
    (worker,) = crew.start(1, clock=NOON)
    wait_until(lambda: is_in("sending"))
    kill(worker)
    provider.slow(0)
    for hours in (1, 2, 3):
        pipeline.release_due(now=NOON + timedelta(hours=hours))
    assert states() == {"unknown": 1}
    assert provider.counts() == {}
    tell(message, "failed", at=AFTER_IT)
    assert states() == {"failed": 1}


def test_killed_between_the_answer_and_noting_it(crew, provider, message):
    provider.slow(0.5)
    (worker,) = crew.start(1, clock=NOON)
    wait_until(lambda: is_in("sending"))
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        wait_until(somebody_waits_for_a_lock)
        assert provider.counts() == {message.public_id: 1}
        kill(worker)
    wait_until(lambda: not others_in_a_transaction())
    pipeline.release_due(now=AFTER_IT)
    assert states() == {"unknown": 1}
    for _ in range(5):
        tell(message, "delivered", at=AFTER_IT)
    assert states() == {"delivered": 1}
    assert provider.counts() == {message.public_id: 1}
