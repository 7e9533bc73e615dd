import itertools
from datetime import timedelta

import pytest

from cavaco_plugin.consent import queries as consent
from cavaco_plugin.feedback import operations as feedback
from cavaco_plugin.feedback import queries
from cavaco_plugin.feedback.models import DeliveryEvent, StoredReceipt
from cavaco_plugin.pipeline import handle_receipt
from tests.consent.sayings import consent_of
from tests.feedback.tellings import sent, state_of, take, told
from tests.outbox.makers import NOON, TOPIC, admit, person, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya():
    return person(email="maya@example.com", phone="+447700900123")


def closed(channel="email", address="maya@example.com"):
    return consent.suppressions([(channel, address)])[channel, address]


def test_a_receipt_is_stored_once_however_often_it_is_told():
    receipt = told("delivered")
    assert len(feedback.record([receipt, receipt], now=NOON)) == 1
    assert feedback.record([receipt], now=NOON) == []
    assert StoredReceipt.objects.count() == 1


def test_what_is_stored_is_what_was_told():
    receipt = told(
        "clicked",
        is_machine=True,
        code="200",
        detail="https://x.example",
        text='a "quoted" \\u0000 \x00 word',
        raw={"n": [1, None], "when": NOON},
    )
    feedback.record([receipt], now=NOON)
    row = StoredReceipt.objects.get()
    kept = feedback.stored.from_json(row.receipt)
    assert kept.text == 'a "quoted" \\u0000  word'
    assert (kept.is_machine, kept.occurred_at, kept.raw["n"]) == (True, NOON, [1, None])


def test_an_endless_event_id_still_tells_events_apart():
    ids = ["x" * 400 + end for end in "ab"]
    receipts = [told("delivered", event_id=event_id) for event_id in ids]
    assert len(feedback.record([*receipts, *receipts], now=NOON)) == 2


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        ("accepted", "delivered", "delivered"),
        ("unknown", "delivered", "delivered"),
        ("unknown", "accepted", "accepted"),
        ("sending", "delivered", "delivered"),
        ("accepted", "deferred", "accepted"),
        ("accepted", "failed", "failed"),
        ("delivered", "bounced", "bounced"),
        ("bounced", "delivered", "bounced"),
        ("delivered", "accepted", "delivered"),
        ("dropped", "delivered", "dropped"),
        ("accepted", "clicked", "delivered"),
    ],
)
def test_a_receipt_moves_its_message_on_and_never_back(maya, before, kind, after):
    message = sent(maya, state=before)
    take(told(kind, message))
    assert state_of(message) == after
    assert DeliveryEvent.objects.get().kind == kind


def test_a_message_is_found_by_the_providers_id_alone(maya):
    message = sent(maya)
    take(told("delivered", message, message_id=""))
    assert state_of(message) == "delivered"


def test_an_id_of_ours_that_is_no_message_does_not_hide_the_providers(maya):
    message = sent(maya)
    take(told("delivered", message, message_id="nobody"))
    assert state_of(message) == "delivered"


KINDS = ("accepted", "delivered", "opened", "bounced")


@pytest.mark.parametrize("order", list(itertools.permutations(KINDS)))
def test_the_end_is_the_same_in_every_order_and_told_five_times(maya, order):
    message = sent(maya, state="unknown")
    receipts = {kind: told(kind, message) for kind in KINDS}
    for _ in range(5):
        take(*(receipts[kind] for kind in order))
    assert state_of(message) == "bounced"
    assert closed() == ("hard_bounce",)
    assert DeliveryEvent.objects.count() == len(KINDS)
    assert StoredReceipt.objects.filter(result="applied").count() == len(KINDS)


def test_applying_a_stored_receipt_again_does_nothing(maya):
    message = sent(maya)
    (row,) = take(told("delivered", message))
    handle_receipt(receipt=row, now=NOON + timedelta(hours=1))
    assert DeliveryEvent.objects.count() == 1


def test_a_hard_bounce_closes_the_address(maya):
    take(told("bounced", sent(maya), detail="550 no such user"))
    assert closed() == ("hard_bounce",)


def test_a_soft_failure_closes_nothing(maya):
    take(told("failed", sent(maya)), told("deferred", sent(maya)))
    assert closed() == ()


def test_a_complaint_closes_the_address_ends_the_consent_and_stops_what_waits(maya):
    message = sent(maya)
    (waiting,) = admit(wish(maya, topic=TOPIC))
    take(told("complained", message, occurred_at=NOON))
    assert closed() == ("complaint",)
    assert consent_of(maya, topic=TOPIC) == "withdrawn"
    assert consent_of(maya, "sms", TOPIC) == "granted"
    assert state_of(waiting) == "dropped"
    assert state_of(message) == "delivered"


def test_leaving_through_the_providers_link_ends_the_messages_topic(maya):
    take(told("unsubscribed", sent(maya)))
    assert consent_of(maya, topic=TOPIC) == "withdrawn"
    assert consent_of(maya, topic="newsletter") == ""
    assert closed() == ()


def test_a_complaint_about_a_message_we_never_knew_still_counts(maya):
    (row,) = take(told("complained", address="Maya@Example.com"))
    assert row.result == "applied"
    assert closed() == ("complaint",)
    assert consent_of(maya, topic=TOPIC) == "withdrawn"


def test_a_strangers_bounce_closes_the_strangers_address():
    take(told("bounced", address="nobody@example.com"))
    assert closed(address="nobody@example.com") == ("hard_bounce",)


@pytest.mark.parametrize("kind", ["opened", "clicked"])
def test_what_a_machine_did_is_kept_and_moves_nothing(maya, kind):
    message = sent(maya)
    (row,) = take(told(kind, message, is_machine=True))
    assert state_of(message) == "accepted"
    assert DeliveryEvent.objects.get().is_machine is True
    assert row.result == "applied"


def test_flows_hear_of_a_persons_click_and_not_of_a_machines(maya):
    message = sent(maya)
    heard = {}
    for is_machine in (False, True):
        (pk,) = feedback.record([told("clicked", message, is_machine=is_machine)], now=NOON)
        row = StoredReceipt.objects.get(pk=pk)
        heard[is_machine] = feedback.apply(receipt=row, now=NOON)
    assert [change.kind for change in heard[False]] == ["message_clicked"]
    assert heard[False][0].data["message"] == message.public_id
    assert heard[True] == []


def test_a_kind_nobody_knows_is_kept_and_moves_nothing(maya):
    message = sent(maya)
    (row,) = take(told("unknown", message))
    assert (row.result, state_of(message)) == ("unknown_kind", "accepted")


def test_a_receipt_without_its_message_waits_five_minutes_and_is_then_kept_as_unknown():
    (row,) = take(told("delivered", message_id="nobody"))
    assert (row.result, row.applied_at) == ("waiting", None)
    assert queries.open_receipts(now=NOON) == []
    soon = NOON + timedelta(seconds=15)
    assert queries.open_receipts(now=soon) == [row]
    handle_receipt(receipt=row, now=NOON + timedelta(minutes=4, seconds=59))
    row.refresh_from_db()
    assert row.applied_at is None
    handle_receipt(receipt=row, now=NOON + timedelta(minutes=5))
    row.refresh_from_db()
    assert row.result == "unknown_message"
    assert queries.open_receipts(now=NOON + timedelta(days=1)) == []


def test_a_receipt_that_overtook_its_message_finds_it_later(maya):
    (row,) = take(told("delivered", provider="sendgrid", provider_message_id="early"))
    message = sent(maya)
    message.provider_message_id = "early"
    message.save()
    handle_receipt(receipt=row, now=NOON + timedelta(minutes=1))
    assert state_of(message) == "delivered"


def test_what_fails_is_put_aside_longer_each_time_and_never_lost(maya):
    (pk,) = feedback.record([told("delivered", sent(maya))], now=NOON)
    row = StoredReceipt.objects.get(pk=pk)
    waits = []
    for _ in range(3):
        feedback.postpone(receipt=row, now=NOON)
        row.refresh_from_db()
        waits.append((row.retry_at - NOON).total_seconds())
    assert waits == [10, 20, 40]
    assert queries.open_receipts(now=NOON) == []
    assert queries.open_receipts(now=NOON + timedelta(minutes=1)) == [row]
