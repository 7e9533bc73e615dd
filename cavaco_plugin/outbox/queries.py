"""Messages as staff look at them, and how far behind the outbox is."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from cavaco_plugin.outbox.delivery_state import READY
from cavaco_plugin.outbox.models import Message


def messages(
    *,
    using: str = "default",
    states: Collection[str] | None = None,
    reasons: Collection[str] | None = None,
    channel: str | None = None,
    profile_id: int | None = None,
    flow_id: int | None = None,
    created_after: datetime | None = None,
    created_before: datetime | None = None,
) -> QuerySet[Message]:
    """Messages with everything that explains them; all conditions given hold together."""
    conditions: dict[str, Any] = {
        "state__in": states,
        "reason__in": reasons,
        "channel": channel,
        "profile_id": profile_id,
        "flow_id": flow_id,
        "created_at__gte": created_after,
        "created_at__lt": created_before,
    }
    given = {name: value for name, value in conditions.items() if value is not None}
    rows = Message.objects.using(using).filter(**given).select_related("flow")
    return rows.prefetch_related("decisions", "attempt_rows", "delivery_events")


def oldest_ready_age(*, now: datetime) -> timedelta:
    """For how long the message that waits longest could have been sent already; nought when none does."""
    due = Message.objects.filter(state=READY, due_at__lte=now).aggregate(oldest=Min("due_at"))
    return now - due["oldest"] if due["oldest"] else timedelta(0)
