"""Calls that the receipts doors do not take.

`given` is a function of the provider's server: it makes the body and the headers.
"""

import json
from collections.abc import Callable
from typing import Any

from tests.channels.stands import TOKEN, delivery_report, feedback_report
from tests.contracts.table import Bad

Call = tuple[bytes, dict[str, str]]
Make = Callable[[Any], Call]
JSON = {"Content-Type": "application/json"}


def signed(body: Any, **options: Any) -> Make:
    """As SendGrid signs it."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda server: server.sign(raw, **options)


def event(**changes: Any) -> Make:
    """One event with changes; None takes a field away."""

    def make(server: Any) -> Call:
        good = server.event("delivered", message_id="m1", address="a@example.com")
        told = {name: value for name, value in {**good, **changes}.items() if value is not None}
        return server.signed([told])

    return make


def tampered(server: Any) -> Call:
    body, headers = server.signed([server.event("bounce", message_id="m", address="a@example.com")])
    return body.replace(b"a@", b"b@"), headers


def plain(body: bytes, **headers: str) -> Make:
    return lambda server: (body, {"Content-Type": "text/plain", **headers})


SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"

SENDGRID = [
    # what, given, field, code, remedy
    Bad("not signed", plain(b"[]"), "signed", 403, "The call is not signed"),
    Bad("signed without a time", plain(b"[]", **{SIGNATURE: "MEUCIQ=="}), "signed", 403, "The call is not signed"),
    Bad("signature in words", plain(b"[]", **{SIGNATURE: "trust me", TIMESTAMP: "1"}), "signature", 403, "does not match"),
    Bad("tampered with", tampered, "signature", 403, "does not match"),
    Bad("a recording", signed([], at=1_600_000_000), "timestamp", 403, "may be a recording"),
    Bad("from the future", signed([], at=4_000_000_000), "timestamp", 403, "may be a recording"),
    Bad("beyond all time", signed([], at=10**30), "timestamp", 403, "is not a time"),
    Bad("no body", signed(b""), "body", 400, "is not JSON"),
    Bad("no JSON", signed(b'[{"event": '), "body", 400, "is not JSON"),
    Bad("nested without a bottom", signed(b"[" * 100_000), "body", 400, "is not JSON"),
    Bad("no list", signed({"event": "open"}), "body", 400, "is not a list of events"),
    Bad("a list of words", signed(["open"]), "body", 400, "is not a list of events"),
    Bad("event of no id", event(sg_event_id=None), "sg_event_id", 400, "lacks a usable"),
    Bad("event of no time", event(timestamp=None), "timestamp", 400, "lacks a usable"),
    Bad("time in words", event(timestamp="noon"), "timestamp", 400, "lacks a usable"),
    Bad("event beyond all time", event(timestamp=10**30), "timestamp", 400, "lacks a usable"),
    Bad("too large", signed(b" " * (3 * 1024 * 1024 + 1)), "body", 413, "larger than"),
]  # fmt: skip


def form(**fields: str) -> Make:
    """As Twilio signs it, for the address of the door."""
    return lambda server: server.sign(
        "https://api.alderfinch.example/cavaco/receipts/sms/twilio/", fields
    )


def forged(server: Any) -> Call:
    body, headers = form(MessageSid="SM1", MessageStatus="delivered")(server)
    return body.replace(b"delivered", b"failed"), headers


FORM = {"Content-Type": "application/x-www-form-urlencoded"}

TWILIO = [
    Bad("not signed", lambda server: (b"MessageSid=SM1&MessageStatus=sent", FORM), "signed", 403, "The call is not signed"),
    Bad("forged", forged, "signature", 403, "does not match"),
    Bad("signature in words", lambda server: (b"MessageSid=SM1", {**FORM, "X-Twilio-Signature": "trust me"}), "signature", 403, "does not match"),
    Bad("no form", lambda server: (b"hello", {**FORM, "X-Twilio-Signature": "x"}), "body", 400, "is not a form"),
    Bad("no UTF-8", lambda server: (b"Body=\xff", {**FORM, "X-Twilio-Signature": "x"}), "body", 400, "is not a form"),
    Bad("endless form", lambda server: (b"a=b&" * 700_000 + b"a=b", {**FORM, "X-Twilio-Signature": "x"}), "signature", 403, "does not match"),
    Bad("of no message", form(MessageStatus="sent"), "MessageSid", 400, "names no MessageSid"),
    Bad("of no status", form(MessageSid="SM1"), "MessageStatus", 400, "names no MessageSid or no MessageStatus"),
]  # fmt: skip


def report(body: bytes, token: str = TOKEN) -> Make:
    return lambda server: (
        body,
        {"Content-Type": "message/rfc822", "Authorization": f"Bearer {token}"},
    )


REPORT = delivery_report(message_id="m1")
COMPLAINT = feedback_report(message_id="m1")

SMTP = [
    Bad("no token", lambda server: (REPORT, {"Content-Type": "message/rfc822"}), "receipts_token", 403, "Authorization header does not show"),
    Bad("wrong token", report(REPORT, "guess"), "receipts_token", 403, "Authorization header does not show"),
    Bad("token in another script", report(REPORT, "tökén"), "receipts_token", 403, "Authorization header does not show"),
    Bad("no body", report(b""), "body", 400, "neither a delivery report nor a feedback report"),
    Bad("a letter", report(b"Subject: hello\r\n\r\nHow are you?"), "body", 400, "neither a delivery report nor a feedback report"),
    Bad("bytes", report(bytes(range(256))), "body", 400, "neither a delivery report nor a feedback report"),
    Bad("report of nobody", report(REPORT.replace(b"Final-Recipient", b"X-Nobody")), "recipient", 400, "names no recipient"),
    Bad("report without its status", report(REPORT.replace(b"message/delivery-status", b"text/plain")), "message/delivery-status", 400, "has no message/delivery-status part"),
    Bad("report of no message", report(REPORT.replace(b"Content-Type: message/rfc822", b"Content-Type: text/plain")), "message", 400, "does not hold the message it speaks of"),
    Bad("report of a nameless message", report(REPORT.replace(b"Message-ID", b"X-ID")), "Message-ID", 400, "has no Message-ID"),
    Bad("complaint without its part", report(COMPLAINT.replace(b"message/feedback-report", b"text/plain")), "message/feedback-report", 400, "has no message/feedback-report part"),
    Bad("complaint of no message", report(COMPLAINT.replace(b"Content-Type: message/rfc822", b"Content-Type: text/plain")), "message", 400, "does not hold the message it speaks of"),
]  # fmt: skip

# `given` is the address: who is not there, or not set up, has no door.
DOORS = [
    Bad("unknown provider", "/receipts/email/mailgun/", "provider", 404, "There is no such provider"),
    Bad("unknown channel", "/receipts/pigeon/sendgrid/", "provider", 404, "There is no such provider"),
    Bad("provider of another channel", "/receipts/sms/sendgrid/", "provider", 404, "There is no such provider"),
]  # fmt: skip
