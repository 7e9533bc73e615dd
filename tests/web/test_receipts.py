"""The receipts door, called by loopback providers that sign as the real ones do."""

import pytest
from django.utils import timezone

from cavaco_plugin.consent import queries as consent
from cavaco_plugin.feedback.actions import ACTIONS
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.pipeline import handle_receipt
from tests.consent.sayings import consent_of
from tests.feedback.conftest import mail_server, sendgrid, text_server, twilio
from tests.feedback.tellings import sent, state_of
from tests.outbox.conftest import use
from tests.outbox.makers import TOPIC, grant

__all__ = ["mail_server", "sendgrid", "text_server", "twilio"]

SENDGRID, TWILIO = "/receipts/email/sendgrid/", "/receipts/sms/twilio/"
PUBLIC = "https://api.alderfinch.example/cavaco"


@pytest.fixture
def mail(sendgrid):
    values = {"api_key": sendgrid.api_key, "webhook_public_key": sendgrid.webhook_public_key}
    use("email", "sendgrid", values)
    return sendgrid


def post(visitor, url, body, headers, **extra):
    given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    kind = given.pop("HTTP_CONTENT_TYPE")
    return visitor.post(url, data=body, content_type=kind, **given, **extra)


def test_a_signed_call_is_stored_and_answered_with_nothing_to_read(visitor, mail):
    event = mail.event("delivered", message_id="nobody", address="x@example.com")
    answer = post(visitor, SENDGRID, *mail.signed([event]))
    assert (answer.status_code, answer.content) == (200, b"<Response/>")
    assert StoredReceipt.objects.get().receipt["kind"] == "delivered"


def test_the_same_call_five_times_is_welcome_and_stored_once(visitor, mail):
    call = mail.signed([mail.event("delivered", message_id="", address="x@example.com")])
    assert [post(visitor, SENDGRID, *call).status_code for _ in range(5)] == [200] * 5
    assert StoredReceipt.objects.count() == 1


def test_a_complaint_has_taken_effect_when_the_provider_gets_its_answer(visitor, mail, maya):
    grant(maya)
    message = sent(maya)
    event = mail.event("spamreport", message_id=message.public_id, address=message.address)
    post(visitor, SENDGRID, *mail.signed([event]))
    asked = ("email", "maya@example.com")
    assert consent.suppressions([asked])[asked] == ("complaint",)
    assert consent_of(maya, topic=TOPIC) == "withdrawn"
    assert state_of(message) == "delivered"


def test_a_tampered_body_is_refused_and_nothing_is_stored(visitor, mail):
    body, headers = mail.signed([mail.event("spamreport", message_id="", address="x@example.com")])
    answer = post(visitor, SENDGRID, body.replace(b"x@", b"y@"), headers)
    assert (answer.status_code, answer.content) == (403, b"The signature does not match.\n")
    assert not StoredReceipt.objects.exists()


def test_an_unsigned_call_is_refused(visitor, mail):
    answer = visitor.post(SENDGRID, data=b"[]", content_type="application/json")
    assert (answer.status_code, answer.content) == (403, b"The call is not signed.\n")


def test_a_signed_call_that_cannot_be_read_is_told_so(visitor, mail):
    answer = post(visitor, SENDGRID, *mail.sign(b'{"not": "a list"}'))
    assert (answer.status_code, answer.content) == (400, b"The body is not a list of events.\n")


def test_a_stop_by_text_has_taken_effect_when_twilio_gets_its_answer(visitor, twilio, maya):
    call = twilio.inbound_call(
        PUBLIC + TWILIO, sender="+447700900123", to="+15005550006", body="STOP"
    )
    assert post(visitor, TWILIO, *call).status_code == 200
    assert consent_of(maya, "sms", TOPIC) == "withdrawn"


def test_the_signature_is_checked_against_the_public_address_with_its_query(visitor, twilio, maya):
    message = sent(maya, channel="sms")
    url = f"{TWILIO}?message={message.public_id}"
    call = twilio.status_call(PUBLIC + url, sid="SM1", status="delivered", to="+447700900123")
    assert post(visitor, url, *call).status_code == 200
    assert post(visitor, f"{url}x", *call).status_code == 403
    assert StoredReceipt.objects.get().receipt["message_id"] == message.public_id


@pytest.mark.parametrize("url", ["/receipts/email/nobody/", "/receipts/pigeon/sendgrid/"])
def test_an_unknown_provider_has_no_door(visitor, db, url):
    assert visitor.post(url, data=b"", content_type="text/plain").status_code == 404


def test_a_provider_that_was_never_set_up_has_no_door(visitor, db):
    assert visitor.post(TWILIO, data=b"a=b", content_type="text/plain").status_code == 404


def test_a_body_beyond_measure_is_refused_unread(visitor, mail):
    body, headers = mail.sign(b"x" * (3 * 1024 * 1024 + 1))
    assert post(visitor, SENDGRID, body, headers).status_code == 413


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_nothing_but_a_post_is_taken(visitor, db, method):
    answer = getattr(visitor, method)(SENDGRID)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_receipt_that_cannot_be_applied_is_stored_and_the_provider_thanked(
    visitor, mail, maya, monkeypatch, caplog
):
    def breaks(case):
        raise RuntimeError("not today")

    message = sent(maya)
    event = mail.event("bounce", message_id=message.public_id, address=message.address)
    with monkeypatch.context() as broken:
        broken.setitem(ACTIONS, "bounced", breaks)
        assert post(visitor, SENDGRID, *mail.signed([event])).status_code == 200
    assert "is left for the next tick" in caplog.text
    (row,) = StoredReceipt.objects.filter(applied_at=None)
    handle_receipt(receipt=row, now=timezone.now())
    assert state_of(message) == "bounced"
