"""What the feedback stage does when people are merged, separated, exported or erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from cavaco_plugin.feedback.models import DeliveryEvent, InboundMessage, StoredReceipt
from cavaco_plugin.profiles.models import ContactPoint

NAME = "feedback"


def absorb(*, winner_id: int, loser_id: int, now: datetime) -> Mapping[str, object]:
    """What the loser wrote to us is the winner's; delivery events follow their messages."""
    written = InboundMessage.objects.filter(profile_id=loser_id)
    ids = list(written.values_list("id", flat=True))
    written.update(profile_id=winner_id)
    return {"inbound": ids}


def restore(*, winner_id: int, loser_id: int, moved: Mapping[str, Any], now: datetime) -> None:
    """Give back what the loser had written before the merge."""
    rows = InboundMessage.objects.filter(pk__in=moved.get("inbound", []), profile_id=winner_id)
    rows.update(profile_id=loser_id)


def export(*, profile_ids: Sequence[int]) -> Mapping[str, object]:
    """What happened to the person's messages, and what they wrote to us."""
    events = DeliveryEvent.objects.filter(message__profile_id__in=profile_ids).order_by("id")
    written = InboundMessage.objects.filter(profile_id__in=profile_ids).order_by("id")
    return {
        "delivery_events": [
            {
                "message": event.message.public_id,
                "kind": event.kind,
                "is_machine": event.is_machine,
                "detail": event.detail,
                "occurred_at": event.occurred_at.isoformat(),
            }
            for event in events.select_related("message")
        ],
        "received": [
            {
                "channel": row.channel,
                "address": row.address,
                "text": row.text,
                "keyword": row.keyword,
                "received_at": row.received_at.isoformat(),
            }
            for row in written
        ],
    }


def erase(*, profile_ids: Sequence[int], now: datetime) -> None:
    """Forget the reports word for word and everything the person wrote; the bare counts stay.

    Reports of messages we never knew are found by the address in them, while it is still on record.
    """
    addresses = ContactPoint.objects.filter(profile_id__in=profile_ids).exclude(kind="user")
    values = {text for pair in addresses.values_list("value", "written") for text in pair if text}
    StoredReceipt.objects.filter(
        Q(deliveryevent__message__profile_id__in=profile_ids)
        | Q(inboundmessage__profile_id__in=profile_ids)
        | Q(receipt__address__in=sorted(values))
    ).delete()
    DeliveryEvent.objects.filter(message__profile_id__in=profile_ids).update(detail="")
