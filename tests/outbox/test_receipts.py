"""A provider's word, whenever it comes: before our own note, after it, or instead of it."""

import pytest

from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.outbox import dispatch, senders
from cavaco_plugin.outbox.claim import LEASE
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.outbox.operations import apply_receipt
from cavaco_plugin.outbox.sweeper import recover_expired_leases
from cavaco_plugin.policy.models import CapRing
from tests.outbox.makers import HOUR, NOON, admit, person, wish

pytestmark = [pytest.mark.django_db]


def reload(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def receipt(message: Message, kind: str, **values):
    return apply_receipt(
        message_id=message.pk, kind=kind, occurred_at=NOON + HOUR, now=NOON + 2 * HOUR, **values
    )


@pytest.fixture
def sent(sendgrid) -> Message:
    (message,) = admit(wish(person()))
    dispatch.release(now=NOON)
    return reload(message)


def test_delivered_is_kept_with_its_time(sent):
    assert receipt(sent, "delivered") == "delivered"
    row = reload(sent)
    assert (row.state, row.delivered_at) == ("delivered", NOON + HOUR)
    assert row.sent_at == sent.sent_at


def test_a_late_bounce_moves_it_on_and_a_later_delivery_does_not_move_it_back(sent):
    receipt(sent, "delivered")
    assert receipt(sent, "bounced") == "bounced"
    assert receipt(sent, "delivered") is None
    row = reload(sent)
    assert (row.state, row.reason) == ("bounced", "provider_refused")


def test_a_repeated_receipt_changes_nothing(sent):
    receipt(sent, "delivered")
    before = Message.objects.values().get(pk=sent.pk)
    assert receipt(sent, "delivered") is None
    assert Message.objects.values().get(pk=sent.pk) == before


def test_a_bounced_message_used_its_place_and_a_failed_one_did_not(sendgrid):
    bounced, failed = admit(wish(person()), wish(person()))
    dispatch.release(now=NOON)
    receipt(bounced, "bounced")
    receipt(failed, "failed")
    assert len(CapRing.objects.get(profile=bounced.profile_id).sends) == 1
    assert CapRing.objects.get(profile=failed.profile_id).sends == []


def test_a_receipt_settles_what_nobody_knew(sendgrid):
    (message,) = admit(wish(person()))
    sendgrid.script.then(script.HangUpAfterAccepting())
    dispatch.release(now=NOON)
    assert reload(message).state == "unknown"
    assert (
        receipt(message, "delivered", provider="sendgrid", provider_message_id="abc") == "delivered"
    )
    row = reload(message)
    assert (row.reason, row.provider_message_id, row.sent_at) == ("", "abc", NOON + HOUR)


def test_a_receipt_that_overtakes_the_answer_is_not_undone_by_it(sendgrid, monkeypatch):
    (message,) = admit(wish(person()))
    send = senders.Sender.send

    def overtaken(self, transport, messages):
        outcomes = send(self, transport, messages)
        receipt(message, "delivered")
        return outcomes

    monkeypatch.setattr(senders.Sender, "send", overtaken)
    dispatch.release(now=NOON)
    row = reload(message)
    assert (row.state, row.delivered_at) == ("delivered", NOON + HOUR)
    assert row.provider_message_id
    assert row.cap_entry is not None


def test_a_message_that_turns_out_to_have_arrived_is_not_offered_again(sendgrid):
    (message,) = admit(wish(person()))
    sendgrid.script.then(script.ServerError(500))
    dispatch.release(now=NOON)
    assert reload(message).state == "ready"
    assert receipt(message, "delivered") == "delivered"
    dispatch.release(now=NOON + 3 * HOUR)
    assert sendgrid.ledger.messages == []


def test_the_lease_of_a_message_that_arrived_is_over(sendgrid, monkeypatch):
    (message,) = admit(wish(person()))

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(senders.Sender, "send", die)
        with pytest.raises(KeyboardInterrupt):
            dispatch.release(now=NOON)
    receipt(message, "delivered")
    assert recover_expired_leases(now=NOON + 2 * LEASE).unknown == 0
    assert reload(message).state == "delivered"


def test_machines_move_nothing(sent):
    assert receipt(sent, "clicked", is_machine=True) is None
    assert reload(sent).state == "accepted"
