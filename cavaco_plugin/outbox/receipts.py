"""What a provider's receipt does to its message."""

from datetime import datetime

from django.db import transaction

from cavaco_plugin.outbox.delivery_state import BOUNCED, DELIVERED, FAILED, after_receipt
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.policy import reasons


@transaction.atomic
def apply_receipt(
    *,
    message_id: int,
    kind: str,
    occurred_at: datetime,
    now: datetime,
    is_machine: bool = False,
    provider: str = "",
    provider_message_id: str = "",
) -> str | None:
    """Move a message by what the receipt proves. Returns its new state; None where it stays.

    A receipt may come before the worker has noted the provider's answer, or instead of it.
    """
    message = Message.objects.select_for_update().get(pk=message_id)
    state = after_receipt(state=message.state, kind=kind, is_machine=is_machine)
    if not message.provider_message_id and provider_message_id:
        message.provider, message.provider_message_id = provider, provider_message_id
    if state is not None:
        _move(message, state, occurred_at, now)
    message.save()
    return state


def _move(message: Message, state: str, occurred_at: datetime, now: datetime) -> None:
    message.state = state
    message.final_at = now
    message.lease_until = None
    message.sent_at = message.sent_at or occurred_at
    message.reason = reasons.PROVIDER_REFUSED if state in (BOUNCED, FAILED) else ""
    if state == DELIVERED:
        message.delivered_at = occurred_at
    if state == FAILED:
        message.sent_at = None
        if message.cap_entry is not None:
            policy.release(places=[(message.profile_id, message.cap_entry)])
            message.cap_entry = None
