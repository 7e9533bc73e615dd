"""Twilio's status callbacks and inbound messages, signed with the account's token."""

from collections.abc import Mapping
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cavaco_plugin.channels.contract import (
    ForgedReceipt,
    MalformedReceipt,
    Receipt,
    ReceiptKind,
    ReceiptRequest,
)
from cavaco_plugin.channels.sms.twilio.error_codes import is_dead_address
from cavaco_plugin.channels.sms.twilio.settings import TwilioSettings

SIGNATURE = "X-Twilio-Signature"
_KINDS: dict[str, ReceiptKind] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
    "read": "opened",
    "received": "received",
}
Form = dict[str, str]


def read_receipts(request: ReceiptRequest, settings: TwilioSettings) -> list[Receipt]:
    """The one receipt of a call: a message's new status, or a message from a person."""
    form = _form(request.body)
    _verify(request, form, settings)
    sid = form.get("MessageSid") or form.get("SmsSid", "")
    status = (form.get("MessageStatus") or form.get("SmsStatus", "")).lower()
    if not sid or not status:
        raise MalformedReceipt("The call names no MessageSid or no MessageStatus.")
    return [_receipt(request, form, sid=sid, status=status)]


def _form(body: bytes) -> Form:
    """Twilio's form. Of a repeated field the last one counts, for the signature as for us."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body))
    except ValueError as error:
        # Without the fields there is nothing a signature could be checked against.
        raise MalformedReceipt(f"The body is not a form: {error}") from None
    return dict(pairs)


def _verify(request: ReceiptRequest, form: Form, settings: TwilioSettings) -> None:
    from twilio.request_validator import RequestValidator

    signature = request.header(SIGNATURE)
    if not signature:
        raise ForgedReceipt("The call is not signed.")
    validator = RequestValidator(settings.auth_token.get_secret_value())
    if not any(validator.validate(url, form, signature) for url in _urls(request, settings)):
        raise ForgedReceipt("The signature does not match the address and fields of the call.")


def _urls(request: ReceiptRequest, settings: TwilioSettings) -> list[str]:
    """The address as it reached us, and as Twilio knows it when a proxy stands between."""
    if not settings.receipts_url:
        return [request.url]
    public, seen = urlsplit(settings.receipts_url), urlsplit(request.url)
    outside = public._replace(query=seen.query).geturl()
    return [request.url, outside]


def _receipt(request: ReceiptRequest, form: Mapping[str, str], *, sid: str, status: str) -> Receipt:
    code = form.get("ErrorCode", "")
    kind = _KINDS.get(status, "unknown")
    if kind == "failed" and code.isdecimal() and is_dead_address(int(code)):
        kind = "bounced"
    inbound = kind == "received"
    query = parse_qs(urlsplit(request.url).query)
    return Receipt(
        provider="twilio",
        event_id=f"{sid}:{status}",
        kind=kind,
        provider_message_id=sid,
        message_id=query.get("message", [""])[0],
        address=form.get("From" if inbound else "To", ""),
        # Twilio's callbacks carry no time of their own.
        occurred_at=request.received_at,
        code=code or form.get("OptOutType", "").lower(),
        detail=form.get("ErrorMessage", ""),
        text=form.get("Body", "") if inbound else "",
        raw=dict(form),
    )
