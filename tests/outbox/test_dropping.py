"""A change of mind stops what no provider has heard of, and nothing else."""

import pytest

from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.claim import claim
from cavaco_plugin.outbox.models import Decision, Message
from cavaco_plugin.outbox.operations import drop_for_enrolments, drop_for_profile
from cavaco_plugin.policy.models import CapRing
from tests.outbox.makers import HOUR, NOON, admit, enrolment, flow, person, wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sendgrid", "twilio")]


def states(*messages: Message) -> list[tuple[str, str]]:
    rows = Message.objects.in_bulk([message.pk for message in messages])
    return [(rows[message.pk].state, rows[message.pk].reason) for message in messages]


def test_an_enrolment_that_ends_takes_its_waiting_messages_along():
    maya, welcome = person(), flow()
    mine, other = enrolment(maya, welcome), enrolment(maya, welcome)
    sent, waiting, elsewhere = admit(
        wish(maya, enrolment_id=mine.pk),
        wish(maya, enrolment_id=mine.pk, due_at=NOON + HOUR),
        wish(maya, enrolment_id=other.pk, due_at=NOON + HOUR),
    )
    dispatch.release(now=NOON)
    assert drop_for_enrolments([mine.pk], reason="converted", now=NOON + HOUR) == 1
    assert states(sent, waiting, elsewhere) == [
        ("accepted", ""),
        ("dropped", "converted"),
        ("ready", ""),
    ]
    decision = Decision.objects.get(message=waiting, stage="exit")
    assert (decision.verdict, decision.rule, decision.reason) == ("drop", "enrolment", "converted")


def test_no_enrolments_no_question():
    assert drop_for_enrolments([], reason="converted", now=NOON) == 0


def test_a_claimed_message_is_stopped_too_and_gives_its_place_back():
    (message,) = admit(wish(person()))
    claim(now=NOON)
    assert drop_for_profile(message.profile_id, reason="consent_withdrawn", now=NOON) == 1
    assert states(message) == [("dropped", "consent_withdrawn")]
    assert CapRing.objects.get().sends == []


def test_who_leaves_one_channel_or_topic_keeps_the_others():
    maya = person(phone="+447700900123")
    mail, text, order = admit(
        wish(maya, due_at=NOON + HOUR),
        wish(maya, channel="sms", due_at=NOON + HOUR),
        wish(maya, purpose="transactional", topic="service", due_at=NOON + HOUR),
    )
    Message.objects.filter(pk=order.pk).update(state="ready", reason="", final_at=None)
    drop_for_profile(maya.pk, channel="sms", reason="consent_withdrawn", now=NOON)
    assert states(mail, text, order)[:2] == [("ready", ""), ("dropped", "consent_withdrawn")]
    drop_for_profile(maya.pk, topic="newsletter", reason="consent_withdrawn", now=NOON)
    assert states(mail) == [("ready", "")]
    drop_for_profile(maya.pk, purpose="marketing", reason="consent_withdrawn", now=NOON)
    assert states(mail, order) == [("dropped", "consent_withdrawn"), ("ready", "")]


def test_nobody_else_loses_anything():
    mine, yours = admit(wish(person()), wish(person()))
    drop_for_profile(mine.profile_id, reason="erased", now=NOON)
    assert states(mine, yours) == [("dropped", "erased"), ("ready", "")]
