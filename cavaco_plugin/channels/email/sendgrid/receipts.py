"""SendGrid's signed event webhook."""

import binascii
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cavaco_plugin.channels.contract import (
    ForgedReceipt,
    MalformedReceipt,
    Receipt,
    ReceiptKind,
    ReceiptRequest,
)
from cavaco_plugin.channels.email.sendgrid.settings import SendGridSettings, webhook_verifier

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
# SendGrid repeats a call for a day when we do not answer, and a repeated receipt changes nothing:
# so the window is wide, and only shuts out calls recorded long ago.
OLDEST = timedelta(hours=26)
MOST_AHEAD = timedelta(minutes=5)

_KINDS: dict[str, ReceiptKind] = {
    "processed": "accepted",
    "delivered": "delivered",
    "deferred": "deferred",
    "bounce": "bounced",
    "blocked": "failed",
    "dropped": "failed",
    "open": "opened",
    "click": "clicked",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
}


def read_receipts(request: ReceiptRequest, settings: SendGridSettings) -> list[Receipt]:
    """The receipts of one call, in SendGrid's order."""
    _verify(request, settings)
    try:
        events = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise MalformedReceipt(f"The body is not JSON: {error}") from None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise MalformedReceipt("The body is not a list of events.")
    return [_receipt(event) for event in events]


def _verify(request: ReceiptRequest, settings: SendGridSettings) -> None:
    if not settings.webhook_public_key:
        raise ForgedReceipt("webhook_public_key: none is set, so no event can be trusted. Set it.")
    signature, timestamp = request.header(SIGNATURE), request.header(TIMESTAMP)
    if not signature or not timestamp:
        raise ForgedReceipt("The call is not signed.")
    verifier = webhook_verifier(settings.webhook_public_key)
    try:
        genuine = verifier.verify_signature(request.body.decode(), signature, timestamp)
    except (UnicodeDecodeError, binascii.Error, ValueError):
        genuine = False
    if not genuine:
        raise ForgedReceipt("The signature does not match.")
    _refuse_stale(timestamp, request.received_at)


def _refuse_stale(timestamp: str, received_at: datetime) -> None:
    try:
        age = received_at - datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise ForgedReceipt("The signed timestamp is not a time.") from None
    if not -MOST_AHEAD <= age <= OLDEST:
        raise ForgedReceipt(
            "The signed timestamp is too far from now: the call may be a recording."
        )


def _receipt(event: dict[str, Any]) -> Receipt:
    kind = str(event.get("event", ""))
    if kind == "bounce" and event.get("type") == "blocked":
        # The receiving server said no this time; the mailbox is there.
        kind = "blocked"
    try:
        event_id = str(event["sg_event_id"])
        occurred_at = datetime.fromtimestamp(int(event["timestamp"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise MalformedReceipt(
            f"An event lacks a usable sg_event_id or timestamp: {error}"
        ) from None
    return Receipt(
        provider="sendgrid",
        event_id=event_id,
        kind=_KINDS.get(kind, "unknown"),
        # What the send call answered is the part before the first dot.
        provider_message_id=str(event.get("sg_message_id", "")).partition(".")[0],
        message_id=str(event.get("message_id", "")),
        address=str(event.get("email", "")),
        occurred_at=occurred_at,
        is_machine=bool(event.get("sg_machine_open", False)),
        code=_code(kind, event),
        detail=str(event.get("reason") or event.get("response") or event.get("url") or ""),
        raw=event,
    )


def _code(kind: str, event: dict[str, Any]) -> str:
    if kind == "dropped":
        return str(event.get("reason", "")).lower().replace(" ", "_")[:60]
    return str(event.get("status") or "") or kind
