"""What a dead worker leaves behind is found; what is found is settled once."""

from datetime import timedelta

import pytest

from cavaco_plugin.outbox import dispatch, recording, senders, sending, settling
from cavaco_plugin.outbox.claim import LEASE, claim
from cavaco_plugin.outbox.models import Attempt, Decision, Message
from cavaco_plugin.outbox.queries import oldest_ready_age
from cavaco_plugin.outbox.sweeper import Swept, recover_expired_leases
from cavaco_plugin.policy.models import CapRing
from tests.outbox.makers import HOUR, NOON, admit, person, wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sendgrid")]

AFTER = NOON + LEASE + timedelta(seconds=1)


class Killed(BaseException):
    """As if the worker's process ended here."""


def reload(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def die(*_arguments, **_keywords):
    raise Killed


def test_a_message_claimed_and_never_sent_goes_back_and_its_place_is_free():
    (message,) = admit(wish(person()))
    claim(now=NOON)
    assert recover_expired_leases(now=NOON + LEASE) == Swept(0, 0, 0)
    assert recover_expired_leases(now=AFTER) == Swept(1, 0, 0)
    row = reload(message)
    assert (row.state, row.claim_token, row.lease_until, row.cap_entry) == ("ready", "", None, None)
    assert CapRing.objects.get().sends == []
    assert recover_expired_leases(now=AFTER) == Swept(0, 0, 0)


@pytest.mark.parametrize(
    ("where", "what", "state", "copies_at_provider"),
    [
        (sending, "render", "ready", 0),
        (recording, "fence", "ready", 0),
        (senders.Sender, "send", "unknown", 0),
        (sending, "_result", "unknown", 1),
        (recording, "close_addresses", "unknown", 1),
        (recording, "record", "unknown", 1),
        (recording, "_explain_attempts", "unknown", 1),
    ],
)
def test_a_worker_may_die_anywhere_and_nobody_gets_a_message_twice(
    sendgrid, monkeypatch, where, what, state, copies_at_provider
):
    (message,) = admit(wish(person()))
    with monkeypatch.context() as patch:
        patch.setattr(where, what, die)
        with pytest.raises(Killed):
            dispatch.release(now=NOON)
    recover_expired_leases(now=AFTER)
    assert reload(message).state == state
    assert sendgrid.ledger.counts.total() == copies_at_provider
    dispatch.release(now=AFTER)
    assert sendgrid.ledger.counts.total() == max(copies_at_provider, int(state == "ready"))


def test_a_worker_that_dies_while_settling_leaves_the_message_to_the_next(sendgrid, monkeypatch):
    admit(wish(person(), expires_at=NOON + HOUR))
    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "LEASE", timedelta(0))
        patch.setattr(settling, "settle", die)
        with pytest.raises(Killed):
            dispatch.release(now=NOON)
    recover_expired_leases(now=AFTER)
    assert dispatch.release(now=AFTER).accepted == 1


def test_a_slow_worker_that_comes_back_late_still_tells_what_it_knows(sendgrid, monkeypatch):
    """Its lease ran out during the call: given up as unknown, then the answer comes after all."""
    (message,) = admit(wish(person()))
    send = senders.Sender.send

    def slow(self, transport, messages):
        outcomes = send(self, transport, messages)
        assert recover_expired_leases(now=AFTER).unknown == 1
        return outcomes

    monkeypatch.setattr(senders.Sender, "send", slow)
    dispatch.release(now=NOON)
    row = reload(message)
    assert (row.state, row.reason) == ("accepted", "")
    assert row.provider_message_id
    assert Attempt.objects.count() == 1


def test_what_expired_while_nobody_worked_is_dropped_and_explained():
    late, fresh, waiting = admit(
        wish(person(), expires_at=NOON + HOUR),
        wish(person(), expires_at=NOON + 9 * HOUR),
        wish(person(), due_at=NOON + 6 * HOUR, expires_at=NOON + 7 * HOUR),
    )
    assert recover_expired_leases(now=NOON + 5 * HOUR) == Swept(0, 0, 1)
    assert (reload(late).state, reload(late).reason) == ("dropped", "expired")
    assert {reload(fresh).state, reload(waiting).state} == {"ready"}
    decision = Decision.objects.get(message=late, stage="sweep")
    assert decision.inputs == {"expires_at": (NOON + HOUR).isoformat()}


def test_how_far_behind_the_outbox_is():
    assert oldest_ready_age(now=NOON) == timedelta(0)
    admit(wish(person(), due_at=NOON), wish(person(), due_at=NOON + HOUR))
    assert oldest_ready_age(now=NOON - HOUR) == timedelta(0)
    assert oldest_ready_age(now=NOON + 3 * HOUR) == 3 * HOUR
