"""What is particular to SendGrid: the payload, the answers, the events."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sendgrid.helpers import mail as sdk

from cavaco_plugin.channels.contract import (
    Accepted,
    EmailContent,
    ForgedReceipt,
    MalformedReceipt,
    Misconfigured,
    OutgoingMessage,
    Permanent,
    Sender,
    Temporary,
    Uncertain,
)
from cavaco_plugin.channels.email.headers import BadHeader
from cavaco_plugin.channels.email.sendgrid import payload
from cavaco_plugin.channels.email.sendgrid.settings import SendGridSettings
from cavaco_plugin.channels.email.sendgrid.transport import outcome_of
from cavaco_plugin.channels.kept_session import Answer
from tests.channels.stands import NOW, SendGridStand, email_message, request

SETTINGS = SendGridSettings(api_key="SG.x")
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=50
)


def as_the_sdk_builds_it(message: OutgoingMessage, settings: SendGridSettings) -> dict[str, Any]:
    sender, content = message.sender, message.content
    built = sdk.Mail(
        from_email=sdk.From(sender.address, sender.name or None), subject=content.subject
    )
    to = sdk.Personalization()
    to.add_to(sdk.To(message.address))
    to.add_custom_arg(sdk.CustomArg("message_id", message.message_id))
    for name, value in message.headers.items():
        to.add_header(sdk.Header(name, value))
    built.add_personalization(to)
    for kind, value in (("text/plain", content.text), ("text/html", content.html)):
        if value:
            built.add_content(sdk.Content(kind, value))
    tracking = sdk.TrackingSettings()
    tracking.click_tracking = sdk.ClickTracking(enable=False, enable_text=False)
    tracking.open_tracking = sdk.OpenTracking(enable=settings.track_opens)
    tracking.subscription_tracking = sdk.SubscriptionTracking(enable=False)
    built.tracking_settings = tracking
    if settings.sandbox:
        built.mail_settings = sdk.MailSettings(sandbox_mode=sdk.SandBoxMode(enable=True))
    if sender.reply_to:
        built.reply_to = sdk.ReplyTo(sender.reply_to)
    return built.get()


@pytest.mark.parametrize("sandbox", [True, False])
@pytest.mark.parametrize("track_opens", [True, False])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sender": Sender("shop@example.org")},
        {"headers": {}},
        {"content": EmailContent("Only HTML", "<p>Hi</p>", "")},
    ],
)
def test_the_payload_equals_what_the_sdk_builds(sandbox: bool, track_opens: bool, changes: Any):
    settings = SendGridSettings(api_key="SG.x", sandbox=sandbox, track_opens=track_opens)
    message = email_message(**changes)
    built = payload.build(message, payload.constant_part(settings))
    assert built == as_the_sdk_builds_it(message, settings)


@given(subject=WORDS, html=WORDS, name=WORDS.filter(lambda name: not set(name) & set(",;")))
def test_any_words_make_the_sdks_payload(subject: str, html: str, name: str):
    content = EmailContent(subject, html, html)
    message = email_message(content=content, sender=Sender("shop@example.org", name))
    built = payload.build(message, payload.constant_part(SETTINGS))
    assert built == as_the_sdk_builds_it(message, SETTINGS)
    assert json.loads(payload.encode(built)) == built


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"X-A": "a\r\nBcc: b@example.com"}},
        {"headers": {"Reply-To": "b@example.com"}},
        {"address": "nobody"},
    ],
)
def test_the_payload_is_held_to_the_same_rules_as_a_mail(changes: Any):
    with pytest.raises(BadHeader):
        payload.build(email_message(**changes), {})


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (202, None, Accepted("id-1")),
        (400, ("bad", "personalizations.0.to.0.email"), Permanent("invalid_address", "bad", True)),
        (400, ("bad", "personalizations.0.headers"), Permanent("refused", "bad")),
        (400, ("bad", "content.0.value"), Permanent("refused", "bad")),
        (400, ("bad", None), Permanent("refused", "bad")),
        (400, ("bad", "from.email"), Misconfigured("not_allowed", "HTTP 400: bad")),
        (401, ("no", None), Misconfigured("not_allowed", "HTTP 401: no")),
        (403, ("no", "from"), Misconfigured("not_allowed", "HTTP 403: no")),
        (404, ("no", None), Misconfigured("not_allowed", "HTTP 404: no")),
        (413, ("big", None), Permanent("refused", "big")),
        (429, ("slow", None), Temporary(None, "throttled", "HTTP 429: slow")),
        (500, ("ow", None), Temporary(None, "unavailable", "HTTP 500: ow")),
        (503, ("ow", None), Temporary(None, "unavailable", "HTTP 503: ow")),
        (502, ("ow", None), Uncertain("HTTP 502: ow")),
        (504, ("ow", None), Uncertain("HTTP 504: ow")),
    ],
)
def test_an_answer_means(status: int, error: tuple[str, str | None] | None, expected: Any):
    body = json.dumps({"errors": [{"message": error[0], "field": error[1]}]}) if error else ""
    assert outcome_of(Answer(status, {"X-Message-Id": "id-1"}, body)) == expected


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"errors": []}', '{"errors": [1]}', "null"])
def test_an_answer_in_no_known_form_is_still_an_outcome(body: str):
    assert outcome_of(Answer(400, {}, body)) == Permanent("refused", body[:200])


@pytest.mark.parametrize(
    ("event", "more", "kind"),
    [
        ("processed", {}, "accepted"),
        ("delivered", {}, "delivered"),
        ("deferred", {}, "deferred"),
        ("bounce", {"type": "bounce", "status": "5.1.1"}, "bounced"),
        ("bounce", {"type": "blocked"}, "failed"),
        ("bounce", {}, "bounced"),
        ("dropped", {"reason": "Bounced Address"}, "failed"),
        ("open", {}, "opened"),
        ("click", {"url": "https://x"}, "clicked"),
        ("spamreport", {}, "complained"),
        ("unsubscribe", {}, "unsubscribed"),
        ("group_unsubscribe", {}, "unsubscribed"),
        ("group_resubscribe", {}, "unknown"),
        ("", {}, "unknown"),
    ],
)
def test_an_event_means(sendgrid: SendGridStand, event: str, more: dict[str, Any], kind: str):
    [receipt] = sendgrid.read(sendgrid.events(sendgrid.event(event, **more)))
    assert receipt.kind == kind
    assert receipt.occurred_at == NOW


def test_an_open_by_a_machine_is_marked(sendgrid: SendGridStand):
    opened = sendgrid.event("open", sg_machine_open=True)
    [receipt] = sendgrid.read(sendgrid.events(opened))
    assert (receipt.kind, receipt.is_machine) == ("opened", True)


def test_a_dropped_message_says_why(sendgrid: SendGridStand):
    dropped = sendgrid.event("dropped", reason="Unsubscribed Address")
    [receipt] = sendgrid.read(sendgrid.events(dropped))
    assert (receipt.code, receipt.detail) == ("unsubscribed_address", "Unsubscribed Address")


def test_one_call_brings_many_receipts_in_order(sendgrid: SendGridStand):
    events = [sendgrid.event("delivered", message_id=f"m{number}") for number in range(50)]
    receipts = sendgrid.read(sendgrid.events(*events))
    assert [receipt.message_id for receipt in receipts] == [f"m{number}" for number in range(50)]
    assert [receipt.event_id for receipt in receipts] == [event["sg_event_id"] for event in events]


def test_a_receipt_names_the_message_as_the_send_did(sendgrid: SendGridStand):
    event = sendgrid.event("delivered", sg_message_id="abc.recvd-1-2-3.0")
    [receipt] = sendgrid.read(sendgrid.events(event))
    assert receipt.provider_message_id == "abc"


def test_another_body_under_the_same_signature_is_forged(sendgrid: SendGridStand):
    call = sendgrid.events(sendgrid.event("delivered"))
    with pytest.raises(ForgedReceipt):
        sendgrid.read(request(call.body.replace(b"delivered", b"bounce"), dict(call.headers)))


@pytest.mark.parametrize(
    ("age", "is_taken"),
    [
        (timedelta(0), True),
        (timedelta(hours=24), True),
        (timedelta(hours=27), False),
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-6), False),
        (timedelta(days=365 * 40), False),
    ],
)
def test_a_recorded_call_is_not_taken_for_ever(
    sendgrid: SendGridStand, age: timedelta, is_taken: bool
):
    call = sendgrid.events(sendgrid.event("delivered"), at=int((NOW - age).timestamp()))
    if is_taken:
        assert len(sendgrid.read(call)) == 1
    else:
        with pytest.raises(ForgedReceipt, match="timestamp"):
            sendgrid.read(call)


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Twilio-Email-Event-Webhook-Signature": "not base64 %%%"},
        {"X-Twilio-Email-Event-Webhook-Signature": "aGVsbG8="},
        {"X-Twilio-Email-Event-Webhook-Timestamp": "soon"},
        {"X-Twilio-Email-Event-Webhook-Timestamp": ""},
    ],
)
def test_a_signature_of_the_wrong_form_is_forged(sendgrid: SendGridStand, changes: dict[str, str]):
    call = sendgrid.events(sendgrid.event("delivered"))
    with pytest.raises(ForgedReceipt):
        sendgrid.read(request(call.body, {**call.headers, **changes}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"{}",
        b'"text"',
        b"[1]",
        b"[null]",
        b'[{"event": "open"}]',
        b'[{"event": "open", "sg_event_id": "1", "timestamp": "soon"}]',
        b'[{"event": "open", "sg_event_id": "1", "timestamp": 1e99}]',
    ],
)
def test_a_signed_body_that_cannot_be_read_is_malformed(sendgrid: SendGridStand, body: bytes):
    call = request(*sendgrid.server.sign(body, at=int(NOW.timestamp())))
    with pytest.raises(MalformedReceipt):
        sendgrid.read(call)


def test_without_a_public_key_nothing_is_believed(sendgrid: SendGridStand):
    with pytest.raises(ForgedReceipt, match="webhook_public_key"):
        sendgrid.provider.read_receipts(
            sendgrid.genuine("m1"), sendgrid.settings(webhook_public_key="")
        )


def test_a_key_without_mail_send_is_a_finding(sendgrid: SendGridStand):
    sendgrid.server.scopes = ("alerts.read",)
    try:
        [finding] = sendgrid.provider.check(sendgrid.settings())
    finally:
        sendgrid.server.scopes = ("mail.send",)
    assert (finding.code, finding.field) == ("missing_permission", "api_key")


def test_a_missing_public_key_is_a_finding(sendgrid: SendGridStand):
    [finding] = sendgrid.provider.check(sendgrid.settings(webhook_public_key=""))
    assert (finding.code, finding.field) == ("no_receipts", "webhook_public_key")
