"""Receipts as providers read them, and messages in the state after sending."""

from itertools import count
from typing import Any

from cavaco_plugin.channels.contract import Receipt
from cavaco_plugin.feedback import operations as feedback
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.pipeline import handle_receipt
from cavaco_plugin.profiles.models import Profile
from tests.outbox.makers import NOON, admit, wish

_numbers = count(1)


def sent(
    profile: Profile, *, channel: str = "email", state: str = "accepted", **values: Any
) -> Message:
    """A message that a provider took."""
    (message,) = admit(wish(profile, channel=channel, **values))
    message.state = state
    message.provider = "sendgrid" if channel == "email" else "twilio"
    message.provider_message_id = f"provider-{message.pk}"
    message.sent_at = NOON
    message.save()
    return message


def told(kind: str, message: Message | None = None, **values: Any) -> Receipt:
    given: dict[str, Any] = {
        "provider": message.provider if message else "sendgrid",
        "event_id": f"event-{next(_numbers)}",
        "kind": kind,
        "provider_message_id": message.provider_message_id if message else "",
        "message_id": message.public_id if message else "",
        "address": message.address if message else "",
        "occurred_at": NOON,
    }
    return Receipt(**(given | values))


def take(*receipts: Receipt, now=NOON) -> list[StoredReceipt]:
    """Store and apply, in this order."""
    ids = feedback.record(receipts, now=now)
    rows = list(StoredReceipt.objects.filter(pk__in=ids).order_by("pk"))
    for row in rows:
        handle_receipt(receipt=row, now=now)
        row.refresh_from_db()
    return rows


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state
