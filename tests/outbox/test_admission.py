"""Admission: a row and an explanation for every wish, once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.consent.operations import suppress
from cavaco_plugin.outbox.models import Decision, Message
from cavaco_plugin.outbox.operations import InvalidRequest
from cavaco_plugin.policy.models import CapRing
from cavaco_plugin.policy.operations import publish
from tests.outbox.makers import (
    DAY,
    HOUR,
    NOON,
    admit,
    buys,
    copy_of_checkout,
    flow,
    grant,
    person,
    request,
    wish,
)

pytestmark = pytest.mark.django_db


def only_decision(message: Message) -> Decision:
    return Decision.objects.get(message=message)


def test_a_wish_that_may_go_is_ready_and_says_on_what_grounds(sendgrid):
    maya = person(email="maya@example.com")
    (message,) = admit(wish(maya))
    assert (message.state, message.reason, message.address) == ("ready", "", "maya@example.com")
    decision = only_decision(message)
    assert (decision.stage, decision.verdict) == ("admission", "allow")
    assert decision.inputs == {"consent": "granted", "sends": 0, "policy": 0}


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({"topic": "newsletter"}, "dropped", "no_consent"),
        ({"channel": "sms"}, "dropped", "no_address"),
        ({"expires_at": NOON}, "dropped", "expired"),
        ({"purpose": "transactional"}, "dropped", "purpose_mismatch"),
        ({"due_at": NOON + 11 * HOUR, "expires_at": NOON + DAY}, "ready", "quiet_hours"),
    ],
)
def test_every_wish_gets_a_row_whatever_the_answer(sendgrid, changes, state, reason):
    (message,) = admit(wish(person(), **changes))
    assert (message.state, message.reason) == (state, reason)
    assert only_decision(message).reason == reason


def test_the_same_wish_has_one_row_however_often_it_is_made(sendgrid):
    maya = person()
    first = wish(maya, idempotency_key="once")
    (made,) = admit(first)
    again, twice = admit(first, wish(maya, idempotency_key="once"))
    assert made.pk == again.pk == twice.pk
    assert Decision.objects.count() == 1


def test_messages_come_back_in_the_order_of_the_wishes(sendgrid):
    wishes = [wish(person()) for _ in range(5)]
    admit(wishes[2])
    assert [m.idempotency_key for m in admit(*wishes)] == [one.idempotency_key for one in wishes]


def test_a_message_for_the_night_waits_for_the_morning(sendgrid):
    (message,) = admit(wish(person(), due_at=NOON + 11 * HOUR, expires_at=NOON + 2 * DAY))
    assert message.due_at == NOON + 19 * HOUR


def test_without_an_end_of_its_own_a_message_ends_with_the_longest_hold(sendgrid):
    publish(definition={"max_hold": "PT6H"}, now=NOON)
    (message,) = admit(wish(person(), expires_at=None, due_at=NOON + HOUR))
    assert message.expires_at == NOON + 7 * HOUR


def test_a_suppressed_address_is_said_at_once(sendgrid):
    suppress(
        channel="email", address="Gone@Example.com", reason=Suppression.Reason.HARD_BOUNCE, now=NOON
    )
    (message,) = admit(wish(person(email="gone@example.com")))
    assert only_decision(message).inputs == {"suppressions": ["hard_bounce"], "policy": 0}


def test_a_cart_bought_already_is_said_at_once(sendgrid):
    maya = person()
    buys(maya, at=NOON - HOUR)
    (message,) = admit(wish(maya, purchase_proof_since=NOON - 2 * HOUR))
    assert message.reason == "converted"


def test_a_cart_that_was_emptied_is_said_at_once(sendgrid):
    copy_of_checkout("empty").__class__.objects.filter(token="empty").update(lines=[])
    (message,) = admit(request(person(), subject={"checkout": "empty"}))
    assert message.reason == "checkout_gone"


def test_a_paused_flow_sends_nothing(sendgrid):
    paused, active = flow("paused"), flow()
    stopped, going = admit(wish(person(), flow_id=paused.pk), wish(person(), flow_id=active.pk))
    assert (stopped.reason, going.reason) == ("flow_stopped", "")


def test_a_channel_without_a_provider_says_so(sendgrid):
    (message,) = admit(wish(person(phone="+447700900123"), channel="sms"))
    assert (message.state, message.reason) == ("ready", "channel_off")
    assert only_decision(message).inputs["because"] == "no provider is set up for this channel"
    assert message.due_at == NOON + timedelta(minutes=10)


def test_a_wish_for_who_was_merged_away_goes_to_who_took_them_over(sendgrid):
    winner = person(email="winner@example.com")
    loser = person()
    loser.merged_into = winner
    loser.save()
    loser.contact_points.update(profile=winner)
    (message,) = admit(wish(loser))
    assert (message.profile_id, message.state) == (winner.pk, "ready")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"profile_id": 10**9}, "profile_id: there is no profile 1000000000."),
        (
            {"template_key": "nothing"},
            "template_key: 'nothing' has no published version. Publish it first.",
        ),
        ({"channel": "sms"}, "channel: template 'plain_email' is for email, not for 'sms'."),
    ],
)
def test_a_wish_that_no_row_can_be_made_of_is_refused(sendgrid, changes, sentence):
    from dataclasses import replace

    from cavaco_plugin.outbox.operations import admit as bare_admit

    good = wish(person())
    with pytest.raises(InvalidRequest, match=sentence.replace(".", r"\.")):
        bare_admit([replace(good, **changes)], now=NOON)


def test_admission_takes_no_place_under_the_caps(sendgrid):
    admit(*[wish(person()) for _ in range(3)])
    assert not CapRing.objects.exists()


def test_a_thousand_wishes_ask_as_many_questions_as_one(sendgrid):
    def queries(count: int) -> int:
        wishes = [wish(person(), purchase_proof_since=NOON - DAY) for _ in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            admit(*wishes)
        return len(asked)

    one = queries(1)
    assert queries(100) == one


def test_consent_of_another_sales_channel_does_not_count(sendgrid):
    maya = person(consents=False)
    grant(maya)
    maya.consent_states.update(sales_channel="uk")
    there, here = admit(wish(maya, sales_channel="uk"), wish(maya, sales_channel="de"))
    assert (there.reason, here.reason) == ("", "no_consent")
