"""What the provider tells of a message afterwards."""

from datetime import datetime

from cavaco_plugin import pipeline
from cavaco_plugin.channels.contract import Receipt
from cavaco_plugin.feedback import operations as feedback
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.outbox.models import Message


def tell(message: Message, kind: str, *, at: datetime) -> None:
    """A receipt as SendGrid sends it, stored and applied; the same again changes nothing."""
    receipt = Receipt(
        provider="sendgrid",
        event_id=f"{message.public_id}:{kind}",
        kind=kind,
        provider_message_id=f"mail-{message.public_id}",
        message_id=message.public_id,
        address=message.address,
        occurred_at=at,
    )
    for pk in feedback.record([receipt], now=at):
        pipeline.handle_receipt(receipt=StoredReceipt.objects.get(pk=pk), now=at)
