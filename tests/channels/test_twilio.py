"""What is particular to Twilio: error codes, senders, costs, signed forms."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cavaco_plugin.channels.contract import (
    Accepted,
    ForgedReceipt,
    MalformedReceipt,
    Misconfigured,
    Money,
    Outcome,
    Permanent,
    Sender,
    Temporary,
)
from cavaco_plugin.channels.sms.twilio.error_codes import outcome_of_error
from cavaco_plugin.hosts.app.loopback import script
from tests.channels.stands import DOOR, NOW, TwilioStand, request, sms_message

SERVICE = "MG" + "1" * 32


def send(stand: TwilioStand, *messages: Any, **changes: Any) -> list[Outcome]:
    async def once() -> list[Outcome]:
        transport = stand.open(**changes)
        try:
            return await transport.send(messages)
        finally:
            await transport.close()

    return asyncio.run(once())


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (21211, 400, Permanent("invalid_address", "21211: x", True)),
        (21610, 400, Permanent("unsubscribed", "21610: x", True)),
        (21614, 400, Permanent("invalid_address", "21614: x", True)),
        (21408, 400, Permanent("region_not_enabled", "21408: x")),
        (21612, 400, Permanent("no_route", "21612: x")),
        (21617, 400, Permanent("too_long", "21617: x")),
        (30007, 400, Permanent("filtered", "30007: x")),
        (20003, 401, Misconfigured("wrong_credentials", "20003: x")),
        (20404, 404, Misconfigured("not_found", "20404: x")),
        (21606, 400, Misconfigured("wrong_sender", "21606: x")),
        (21703, 400, Misconfigured("empty_messaging_service", "21703: x")),
        (30002, 400, Misconfigured("account_suspended", "30002: x")),
        (0, 403, Misconfigured("not_allowed", "0: x")),
        (14107, 400, Temporary(None, "throttled", "14107: x")),
        (21611, 400, Temporary(None, "throttled", "21611: x")),
        (30001, 400, Temporary(None, "throttled", "30001: x")),
        (63038, 400, Temporary(None, "throttled", "63038: x")),
        (29999, 400, Permanent("refused", "29999: x")),
    ],
)
def test_an_error_code_means(code: int, status: int, expected: Outcome):
    assert outcome_of_error(code=code, status=status, detail="x") == expected


def test_a_code_in_an_answer_reaches_the_outcome(twilio: TwilioStand):
    twilio.server.script.then(script.Refuse(code=21610, text="Attempt to send to unsubscribed"))
    [outcome] = send(twilio, sms_message())
    assert isinstance(outcome, Permanent)
    assert (outcome.code, outcome.suppress) == ("unsubscribed", True)
    assert "Attempt to send to unsubscribed" in outcome.detail


@pytest.mark.parametrize(
    ("sender", "changes", "expected"),
    [
        ("", {}, {"From": "+15005550006"}),
        ("+15551234567", {}, {"From": "+15551234567"}),
        ("", {"messaging_service_sid": SERVICE}, {"MessagingServiceSid": SERVICE}),
        (
            "",
            {"messaging_service_sid": SERVICE, "from_number": ""},
            {"MessagingServiceSid": SERVICE},
        ),
        (SERVICE, {}, {"MessagingServiceSid": SERVICE}),
        ("SHOP", {"messaging_service_sid": SERVICE}, {"From": "SHOP"}),
    ],
)
def test_the_sender_is_the_messages_own_or_the_settings(
    twilio: TwilioStand, sender: str, changes: dict[str, str], expected: dict[str, str]
):
    send(twilio, sms_message(sender=Sender(sender)), **changes)
    [taken] = twilio.server.ledger.messages
    assert {k: v for k, v in taken.raw.items() if k in ("From", "MessagingServiceSid")} == expected


def test_twilio_is_told_where_to_report_and_about_which_message(twilio: TwilioStand):
    send(twilio, sms_message(5))
    [taken] = twilio.server.ledger.messages
    assert taken.raw["StatusCallback"] == f"{DOOR}?message=public00005"


def test_without_a_receipts_address_twilio_is_told_none(twilio: TwilioStand):
    send(twilio, sms_message(5), receipts_url="")
    [taken] = twilio.server.ledger.messages
    assert "StatusCallback" not in taken.raw


@pytest.mark.parametrize(
    ("address", "text", "changes", "expected"),
    [
        ("+4915112345678", "a", {}, Money(Decimal("0.12"), "USD")),
        ("+4915112345678", "a" * 161, {}, Money(Decimal("0.24"), "USD")),
        ("+12125550123", "ż" * 71, {}, Money(Decimal("0.0166"), "USD")),
        (
            "+4915112345678",
            "a",
            {"prices": {"DE": "0.07"}, "price_currency": "EUR"},
            Money(Decimal("0.07"), "EUR"),
        ),
    ],
)
def test_an_accepted_message_has_its_cost(
    twilio: TwilioStand, address: str, text: str, changes: dict[str, Any], expected: Money
):
    [outcome] = send(twilio, sms_message(address=address, text=text), **changes)
    assert isinstance(outcome, Accepted)
    assert outcome.cost == expected


def test_an_empty_text_is_not_offered(twilio: TwilioStand):
    [outcome] = send(twilio, sms_message(text=""))
    assert outcome == Permanent("empty_body", "body: it is empty. Give the message a text.")
    assert not twilio.server.ledger.messages


@pytest.mark.parametrize(
    ("status", "error_code", "kind"),
    [
        ("queued", "", "accepted"),
        ("accepted", "", "accepted"),
        ("sending", "", "accepted"),
        ("sent", "", "accepted"),
        ("delivered", "", "delivered"),
        ("undelivered", "30003", "failed"),
        ("undelivered", "30005", "bounced"),
        ("undelivered", "30006", "bounced"),
        ("undelivered", "30007", "failed"),
        ("undelivered", "", "failed"),
        ("failed", "30008", "failed"),
        ("failed", "not a number", "failed"),
        ("canceled", "", "failed"),
        ("read", "", "opened"),
        ("partially_delivered", "", "unknown"),
    ],
)
def test_a_status_means(twilio: TwilioStand, status: str, error_code: str, kind: str):
    [receipt] = twilio.read(
        twilio.status(status, sid="SM9", message_id="public9", error_code=error_code)
    )
    assert (receipt.kind, receipt.code) == (kind, error_code)
    assert (receipt.event_id, receipt.provider_message_id) == (f"SM9:{status}", "SM9")
    assert (receipt.message_id, receipt.address) == ("public9", "+4915110000001")
    assert receipt.occurred_at == NOW


def test_a_persons_text_comes_in_with_their_number_and_words(twilio: TwilioStand):
    body, headers = twilio.server.inbound_call(
        DOOR, sender="+4915110000001", to="+15005550006", body="Stop & bye + ż", sid="SM7"
    )
    [receipt] = twilio.read(request(body, headers))
    assert (receipt.kind, receipt.address) == ("received", "+4915110000001")
    assert receipt.text == "Stop & bye + ż"
    assert (receipt.event_id, receipt.message_id) == ("SM7:received", "")


def test_twilios_own_reading_of_an_opt_out_is_passed_on(twilio: TwilioStand):
    form = {"MessageSid": "SM7", "SmsStatus": "received", "From": "+491", "OptOutType": "STOP"}
    [receipt] = twilio.read(twilio.signed(form))
    assert receipt.code == "stop"


def test_behind_a_proxy_the_public_address_is_what_was_signed(twilio: TwilioStand):
    call = twilio.status("delivered", message_id="m1")
    inside = replace(call, url="http://10.0.0.3:8000/receipts/?message=m1")
    assert [receipt.message_id for receipt in twilio.read(inside)] == ["m1"]


def test_the_message_in_the_address_cannot_be_changed(twilio: TwilioStand):
    call = twilio.status("delivered", message_id="m1")
    with pytest.raises(ForgedReceipt):
        twilio.read(replace(call, url=f"{DOOR}?message=m2"))


def test_another_form_under_the_same_signature_is_forged(twilio: TwilioStand):
    call = twilio.status("delivered")
    with pytest.raises(ForgedReceipt):
        twilio.read(replace(call, body=call.body.replace(b"delivered", b"failed")))


@pytest.mark.parametrize("form", [{}, {"MessageSid": "SM1"}, {"MessageStatus": "sent"}])
def test_a_signed_form_without_what_we_need_is_malformed(twilio: TwilioStand, form: dict[str, str]):
    with pytest.raises(MalformedReceipt):
        twilio.read(twilio.signed(form))


@pytest.mark.parametrize("body", [b"\xff\xfe", b"no form at all", b"{}"])
def test_a_body_that_is_no_form_is_malformed(twilio: TwilioStand, body: bytes):
    with pytest.raises(MalformedReceipt):
        twilio.read(request(body, {"X-Twilio-Signature": "aGVsbG8="}))


def test_an_account_that_is_not_active_is_a_finding(twilio: TwilioStand):
    twilio.server.account_status = "suspended"
    try:
        [finding] = twilio.provider.check(twilio.settings())
    finally:
        twilio.server.account_status = "active"
    assert (finding.code, finding.field) == ("account_not_active", "account_sid")


def test_a_missing_receipts_address_is_a_finding(twilio: TwilioStand):
    [finding] = twilio.provider.check(twilio.settings(receipts_url=""))
    assert (finding.code, finding.field) == ("no_receipts", "receipts_url")
