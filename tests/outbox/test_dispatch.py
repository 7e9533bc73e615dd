"""Sending: what each answer of a provider makes of a message, of its address and of the channel."""

from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from cavaco_plugin.channels.models import ProviderHealth
from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.outbox import dispatch, sending
from cavaco_plugin.outbox.dispatch import DispatchReport
from cavaco_plugin.outbox.models import Attempt, Decision, Message
from cavaco_plugin.policy.models import CapRing
from tests.outbox.makers import DAY, HOUR, NOON, admit, person, wish

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def send(now=NOON, limit: int = 1000) -> DispatchReport:
    return dispatch.release(now=now, limit=limit)


def reload(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def test_an_accepted_message_is_recorded_with_its_attempt_and_place(sendgrid):
    (message,) = admit(wish(person()))
    assert send() == DispatchReport(claimed=1, accepted=1)
    row = reload(message)
    assert (row.state, row.attempts, row.provider, row.language) == (
        "accepted",
        1,
        "sendgrid",
        "en",
    )
    assert (row.claim_token, row.lease_until) == ("", None)
    assert NOON <= row.sent_at == row.final_at < NOON + MINUTE
    assert sendgrid.ledger.counts == {row.public_id: 1}
    (attempt,) = Attempt.objects.all()
    assert (attempt.message_id, attempt.number, attempt.outcome) == (row.pk, 1, "accepted")
    assert attempt.started_at <= attempt.ended_at
    assert CapRing.objects.get().sends == [row.cap_entry]


def test_a_text_message_is_recorded_with_its_parts_and_price(twilio):
    (message,) = admit(wish(person(phone="+447700900123"), channel="sms"))
    assert send() == DispatchReport(claimed=1, accepted=1)
    row = reload(message)
    assert (row.state, row.provider, row.parts) == ("accepted", "twilio", 1)
    assert (str(row.price), row.price_currency) == ("0.06000", "USD")
    assert twilio.ledger.messages[0].address == "+447700900123"


def test_both_channels_go_out_in_one_round(sendgrid, twilio):
    maya = person(phone="+447700900123")
    admit(wish(maya), wish(maya, channel="sms"))
    assert send() == DispatchReport(claimed=2, accepted=2)


def test_a_dead_address_fails_is_closed_and_costs_no_place(sendgrid):
    maya = person(email="dead@example.com")
    first, second = admit(wish(maya), wish(maya, due_at=NOON + HOUR))
    sendgrid.script.always(["dead@example.com"], script.Refuse())
    assert send().failed == 1
    row = reload(first)
    assert (row.state, row.reason, row.cap_entry) == ("failed", "invalid_address", None)
    assert CapRing.objects.get().sends == []
    assert Suppression.objects.get().reason == "hard_bounce"
    send(NOON + HOUR)
    assert reload(second).reason == "suppressed"


def test_who_said_stop_to_the_carrier_is_closed_as_such(twilio):
    admit(wish(person(phone="+447700900123"), channel="sms"))
    twilio.script.always(["+447700900123"], script.Refuse(code=21610, text="unsubscribed"))
    assert send().failed == 1
    assert Suppression.objects.get().reason == "carrier_opt_out"


def test_a_message_the_provider_will_not_have_fails_and_leaves_the_address_alone(sendgrid):
    (message,) = admit(wish(person(email="maya@example.com")))
    sendgrid.script.always(["maya@example.com"], script.Refuse(code=413, text="too large"))
    assert send().failed == 1
    assert reload(message).reason == "provider_refused"
    assert not Suppression.objects.exists()


def test_a_provider_that_is_down_is_tried_again_later_and_the_place_is_free_meanwhile(sendgrid):
    (message,) = admit(wish(person()))
    sendgrid.script.then(script.ServerError(500))
    assert send() == DispatchReport(claimed=1, retried=1)
    row = reload(message)
    assert (row.state, row.attempts, row.cap_entry, row.final_at) == ("ready", 1, None, None)
    assert NOON + MINUTE <= row.due_at < NOON + 1.5 * MINUTE
    assert CapRing.objects.get().sends == []
    assert send(row.due_at).accepted == 1
    assert list(Attempt.objects.order_by("id").values_list("number", "outcome")) == [
        (1, "temporary"),
        (2, "accepted"),
    ]


def test_five_failures_open_the_breaker_and_the_rest_waits(sendgrid):
    admit(*[wish(person()) for _ in range(8)])
    sendgrid.script.then(*[script.ServerError(500)] * 5)
    report = send(limit=5)
    assert report.retried == 5
    health = ProviderHealth.objects.get()
    assert (health.state, health.failures) == ("open", 5)
    assert send(NOON + timedelta(seconds=10)) == DispatchReport(claimed=0, held=3)
    waiting = Message.objects.filter(attempts=0)
    assert {(row.reason, row.due_at) for row in waiting} == {("channel_off", health.retry_at)}


def test_an_open_breaker_lets_one_message_try_and_opens_the_way_when_it_arrives(sendgrid):
    admit(*[wish(person()) for _ in range(8)])
    sendgrid.script.then(*[script.ServerError(500)] * 5)
    send(limit=5)
    later = ProviderHealth.objects.get().retry_at + 2 * MINUTE
    probe = send(later)
    assert (probe.claimed, probe.accepted, probe.held) == (1, 1, 7)
    assert ProviderHealth.objects.get().state == "closed"
    assert send(later + 5 * MINUTE).accepted == 7


def test_a_failed_try_doubles_the_wait(sendgrid):
    admit(*[wish(person(), expires_at=NOON + DAY) for _ in range(6)])
    sendgrid.script.then(*[script.ServerError(500)] * 6)
    send(limit=5)
    first = ProviderHealth.objects.get()
    probe = send(first.retry_at)
    assert (probe.claimed, probe.retried) == (1, 1)
    second = ProviderHealth.objects.get()
    assert second.state == "open"
    assert timedelta(seconds=60) <= second.retry_at - first.retry_at < timedelta(seconds=63)


def test_nobody_probes_for_a_message_that_may_not_go(sendgrid):
    (message,) = admit(wish(person()))
    ProviderHealth.objects.create(
        channel="email",
        provider="sendgrid",
        state="open",
        failures=5,
        retry_at=NOON,
        updated_at=NOON,
    )
    message.profile.consent_states.update(state="withdrawn")
    assert send().dropped == 1
    assert ProviderHealth.objects.get().state == "open"


def test_a_provider_that_throttles_is_left_alone_until_it_says(sendgrid):
    admit(*[wish(person()) for _ in range(3)])
    sendgrid.script.then(script.Throttle(seconds=90))
    before = send(limit=1)
    assert before.retried == 1
    health = ProviderHealth.objects.get()
    assert health.state == "open"
    assert timedelta(seconds=88) <= health.retry_at - NOON <= timedelta(seconds=92)
    assert send(NOON + MINUTE).held == 2
    assert Message.objects.filter(due_at__lt=NOON + timedelta(seconds=88)).count() == 0


def test_wrong_settings_stop_the_channel_and_cost_no_message(sendgrid):
    messages = admit(*[wish(person()) for _ in range(3)])
    sendgrid.script.then(script.WrongCredentials())
    report = send(limit=1)
    assert report.retried == 1
    health = ProviderHealth.objects.get()
    assert health.state == "stopped"
    assert health.stopped_reason.startswith("not_allowed: HTTP 401")
    assert send(NOON + MINUTE).held == 3
    rows = [reload(message) for message in messages]
    assert {(row.state, row.reason) for row in rows} == {("ready", "channel_off")}
    assert {row.attempts for row in rows} == {0}
    because = Decision.objects.filter(reason="channel_off").values_list("inputs", flat=True)
    assert {inputs["because"] for inputs in because} == {health.stopped_reason}


def test_a_message_without_an_answer_is_unknown_and_never_sent_again(sendgrid):
    (message,) = admit(wish(person()))
    sendgrid.script.then(script.HangUpAfterAccepting())
    assert send().unknown == 1
    row = reload(message)
    assert (row.state, row.reason) == ("unknown", "unanswered")
    assert CapRing.objects.get().sends == [row.cap_entry]
    for hours in range(1, 12):
        send(NOON + hours * HOUR)
    assert sendgrid.ledger.counts == {row.public_id: 1}


def test_a_provider_that_takes_too_long_leaves_it_unknown(sendgrid):
    (message,) = admit(wish(person()))
    sendgrid.script.then(script.TimeOutAfterAccepting())
    assert send().unknown == 1
    assert reload(message).state == "unknown"


def test_what_was_dropped_after_the_claim_is_not_sent(sendgrid, monkeypatch):
    """The last look before the provider: between claim and call a purchase may end it all."""
    from cavaco_plugin.outbox import operations, recording

    (message,) = admit(wish(person()))
    fence = recording.fence

    def drop_first(rendered):
        operations.drop_for_profile(message.profile_id, reason="converted", now=NOON)
        return fence(rendered)

    monkeypatch.setattr(recording, "fence", drop_first)
    assert send() == DispatchReport(claimed=1, lost=1)
    row = reload(message)
    assert (row.state, row.reason, row.cap_entry) == ("dropped", "converted", None)
    assert sendgrid.ledger.counts == {}
    assert CapRing.objects.get().sends == []


def test_a_slice_asks_as_many_questions_for_a_hundred_messages_as_for_one(sendgrid):
    from django.db import connection

    def queries(count: int) -> int:
        admit(*[wish(person()) for _ in range(count)])
        with CaptureQueriesContext(connection) as asked:
            assert send().accepted == count
        return len(asked)

    queries(1)  # the template is read once in a process
    assert queries(1) == queries(100) <= 26


def test_a_large_batch_goes_out_in_slices(sendgrid, monkeypatch):
    monkeypatch.setattr(sending, "SLICE", 7)
    messages = admit(*[wish(person()) for _ in range(30)])
    assert send() == DispatchReport(claimed=30, accepted=30)
    assert sendgrid.ledger.counts == {message.public_id: 1 for message in messages}


def test_a_worker_whose_time_is_up_gives_back_what_it_has_not_sent(sendgrid, monkeypatch):
    monkeypatch.setattr(dispatch, "LEASE", timedelta(seconds=10))
    messages = admit(*[wish(person()) for _ in range(3)])
    assert send() == DispatchReport(claimed=3, retried=3)
    assert {reload(message).state for message in messages} == {"ready"}
    assert [ring.sends for ring in CapRing.objects.all()] == [[], [], []]


def test_a_transport_that_breaks_its_word_leaves_the_slice_unknown(sendgrid, monkeypatch):
    from cavaco_plugin.outbox import senders

    def break_off(*_):
        raise RuntimeError("broken")

    (message,) = admit(wish(person()))
    monkeypatch.setattr(senders.Sender, "send", break_off)
    assert send().unknown == 1
    assert reload(message).state == "unknown"
