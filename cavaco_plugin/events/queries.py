"""What waits in the inbox."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from cavaco_plugin.events.models import StoreEvent

# (kind, subject id)
Subject = tuple[str, str]


def open_events(*, now: datetime, limit: int) -> list[StoreEvent]:
    """The oldest events to be handled now, without those that somebody is handling this moment.

    An event that failed comes back when its wait is over and holds up nobody meanwhile.
    """
    is_due = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    rows = StoreEvent.objects.filter(is_due, handled_at__isnull=True).order_by("id")
    with transaction.atomic():
        return list(rows.select_for_update(skip_locked=True)[:limit])


def about(subjects: Collection[Subject]) -> QuerySet[StoreEvent]:
    """Every event about these things of the shop."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, subject_id in subjects:
        by_kind[kind].append(subject_id)
    told = Q(pk__in=[])
    for kind, subject_ids in by_kind.items():
        told |= Q(kind=kind, subject_id__in=subject_ids)
    return StoreEvent.objects.filter(told)
