"""What waits in the inbox."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cavaco_plugin.events.models import StoreEvent


def open_events(*, now: datetime, limit: int) -> list[StoreEvent]:
    """The oldest events to be handled now, without those that somebody is handling this moment.

    An event that failed comes back when its wait is over and holds up nobody meanwhile.
    """
    is_due = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    rows = StoreEvent.objects.filter(is_due, handled_at__isnull=True).order_by("id")
    with transaction.atomic():
        return list(rows.select_for_update(skip_locked=True)[:limit])
