"""The message that asks a person to confirm an opt-in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cavaco_plugin.feedback.wishing import wish
from cavaco_plugin.outbox.request import MessageRequest
from cavaco_plugin.store.changes import ChangeKind, StoreChange

# A question from last week would only puzzle.
GOOD_FOR = timedelta(days=1)
_TEMPLATES = {"email": "confirm_subscription", "sms": "confirm_subscription_sms"}


def ask(*, changes: Sequence[StoreChange], now: datetime) -> None:
    """Have a confirmation message sent for each opt-in among the changes, once."""
    requests = [
        _request(change, now)
        for change in changes
        if change.kind == ChangeKind.OPT_IN_REQUESTED and change.data["channel"] in _TEMPLATES
    ]
    wish(requests, now=now)


def _request(change: StoreChange, now: datetime) -> MessageRequest:
    channel = change.data["channel"]
    return MessageRequest(
        idempotency_key=change.key,
        profile_id=change.profile_id,
        channel=channel,
        purpose="transactional",
        topic="service",
        template_key=_TEMPLATES[channel],
        origin="consent",
        due_at=now,
        expires_at=now + GOOD_FOR,
        sales_channel=change.sales_channel,
        subject=change.subject,
        priority=10,
    )
