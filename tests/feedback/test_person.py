import json

import pytest

from cavaco_plugin.feedback import operations as feedback
from cavaco_plugin.feedback import person as stage
from cavaco_plugin.feedback.models import DeliveryEvent, InboundMessage, StoredReceipt
from tests.feedback.tellings import sent, take, told
from tests.outbox.makers import NOON, person

pytestmark = pytest.mark.django_db
NUMBER = "+447700900123"


@pytest.fixture
def maya():
    return person(email="maya@example.com", phone=NUMBER)


def writes():
    take(told("received", provider="twilio", address=NUMBER, text="Lovely mug"))


def test_what_was_written_follows_a_merge_and_comes_back(maya):
    winner = person()
    writes()
    moved = json.loads(json.dumps(stage.absorb(winner_id=winner.pk, loser_id=maya.pk, now=NOON)))
    assert InboundMessage.objects.get().profile_id == winner.pk
    stage.restore(winner_id=winner.pk, loser_id=maya.pk, moved=moved, now=NOON)
    assert InboundMessage.objects.get().profile_id == maya.pk


def test_an_export_holds_what_happened_and_what_was_written(maya):
    take(told("delivered", sent(maya)))
    writes()
    found = json.loads(json.dumps(stage.export(profile_ids=[maya.pk])))
    assert [event["kind"] for event in found["delivery_events"]] == ["delivered"]
    assert [row["text"] for row in found["received"]] == ["Lovely mug"]


def test_an_erasure_leaves_bare_counts_and_no_words(maya):
    take(told("bounced", sent(maya), detail="550 maya@example.com is unknown"))
    writes()
    feedback.record([told("delivered", address="maya@example.com")], now=NOON)
    stranger = person()
    take(told("delivered", sent(stranger)))
    stage.erase(profile_ids=[maya.pk], now=NOON)
    stage.erase(profile_ids=[maya.pk], now=NOON)
    assert not InboundMessage.objects.exists()
    assert StoredReceipt.objects.count() == 1
    bounce = DeliveryEvent.objects.get(kind="bounced")
    assert (bounce.detail, bounce.receipt_id) == ("", None)
