import pytest

from cavaco_plugin.consent import operations as consent_operations
from cavaco_plugin.consent import queries as consent
from cavaco_plugin.content.models import Template
from cavaco_plugin.feedback.models import InboundMessage
from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.models import Message
from tests.consent.sayings import consent_of
from tests.feedback.tellings import state_of, take, told
from tests.outbox.makers import HOUR, NOON, TOPIC, admit, person, published, wish

pytestmark = pytest.mark.django_db
NUMBER = "+447700900123"


@pytest.fixture
def maya():
    for key in ("sms_stopped", "sms_started", "sms_help"):
        published(key)
    return person(email="maya@example.com", phone=NUMBER)


def texts(words, **values):
    given = {"provider": "twilio", "address": NUMBER, "text": words}
    return told("received", **(given | values))


def answers():
    return list(
        Message.objects.filter(origin="keyword")
        .order_by("pk")
        .values_list("template_key", flat=True)
    )


@pytest.mark.parametrize(
    "word", ["STOP", "Stopp!", "arrêt", "BAJA", "rezygnuję", "please stop texting me"]
)
def test_stop_in_five_languages_and_in_free_words(maya, word):
    (waiting,) = admit(wish(maya, channel="sms"))
    take(texts(word))
    assert consent_of(maya, "sms", TOPIC) == "withdrawn"
    assert consent.suppressions([("sms", NUMBER)])["sms", NUMBER] == ("carrier_opt_out",)
    assert state_of(waiting) == "dropped"
    assert answers() == ["sms_stopped"]
    assert InboundMessage.objects.get().keyword == "stop"


def test_stop_told_five_times_and_said_twice_is_answered_once(maya):
    receipt = texts("STOP")
    for _ in range(5):
        take(receipt)
    take(texts("stop!!"))
    assert answers() == ["sms_stopped"]
    assert InboundMessage.objects.count() == 2


def test_stop_holds_even_where_no_answer_can_be_made(maya, caplog):
    Template.objects.filter(key="sms_stopped").update(active_version=None)
    take(texts("STOP"))
    assert consent_of(maya, "sms", TOPIC) == "withdrawn"
    assert answers() == []
    assert "'sms_stopped' has no published version. Publish it first." in caplog.text


def test_stop_leaves_mail_alone(maya):
    (mail,) = admit(wish(maya))
    take(texts("STOP"))
    assert consent_of(maya, "email", TOPIC) == "granted"
    assert state_of(mail) == "ready"


def test_the_one_answer_passes_the_gate_and_nothing_else_does(maya, twilio):
    take(texts("STOP"))
    admit(wish(maya, channel="sms"))
    dispatch.release(now=NOON, limit=100)
    sent = {(m.origin, m.state) for m in Message.objects.all()}
    assert sent == {("keyword", "accepted"), ("flow", "dropped")}
    (text,) = twilio.ledger.messages
    assert "you are unsubscribed" in str(text)


def test_where_the_provider_answered_already_we_say_nothing(maya):
    take(texts("STOP", code="stop"))
    assert consent_of(maya, "sms", TOPIC) == "withdrawn"
    assert answers() == []


def test_start_brings_texts_back_and_help_is_answered_even_after_stop(maya):
    take(texts("STOP"))
    take(texts("HELP"))
    take(texts("START", occurred_at=NOON + HOUR))
    assert consent_of(maya, "sms", TOPIC) == "granted"
    assert consent.suppressions([("sms", NUMBER)])["sms", NUMBER] == ()
    assert answers() == ["sms_stopped", "sms_help", "sms_started"]


def test_start_never_clears_a_complaint(maya):
    consent_operations.suppress(channel="sms", address=NUMBER, reason="complaint", now=NOON)
    take(texts("STOP"), texts("START", occurred_at=NOON + HOUR))
    assert consent.suppressions([("sms", NUMBER)])["sms", NUMBER] == ("complaint",)


@pytest.mark.parametrize("words", ["Thanks, lovely mug", "don't stop", "", "why did you stop?"])
def test_any_other_text_is_kept_and_changes_nothing(maya, words):
    take(texts(words))
    assert consent_of(maya, "sms", TOPIC) == "granted"
    assert answers() == []
    row = InboundMessage.objects.get()
    assert (row.profile_id, row.text, row.keyword) == (maya.pk, words, "")


def test_a_stranger_is_obeyed_and_not_answered(db):
    take(texts("STOP", address="+4915112345678"))
    found = consent.suppressions([("sms", "+4915112345678")])
    assert set(found.values()) == {("carrier_opt_out",)}
    assert answers() == []
