"""The timer rows that are due: claiming, putting off and dropping them by the batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from cavaco_plugin.flows.models import Timer

CLAIM = """
SELECT id, kind, flow_id, subject_id, revision, to_json(due_at) #>> '{}' FROM cavaco_timer
WHERE due_at <= %s AND due_at >= %s
ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""


class ClaimedTimer(NamedTuple):
    """A due timer, locked until the transaction ends."""

    id: int
    kind: str
    flow_id: int
    subject_id: int
    revision: int
    # ISO 8601: only the last one of a batch is ever read as a moment.
    due: str

    @property
    def due_at(self) -> datetime:
        return datetime.fromisoformat(self.due)


def claim(*, now: datetime, limit: int, start: datetime) -> list[ClaimedTimer]:
    """The timers longest due, from `start` on, that no other worker holds."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [now, start, limit])
        return [ClaimedTimer(*row) for row in cursor.fetchall()]


def put_off(timers: Sequence[ClaimedTimer], *, to: datetime) -> None:
    """Look at these timers again later; what they are for does not move."""
    if timers:
        Timer.objects.filter(pk__in=[timer.id for timer in timers]).update(due_at=to)


def drop(timers: Iterable[ClaimedTimer]) -> None:
    """Take away timers that have nothing to say any more."""
    ids = [timer.id for timer in timers]
    if ids:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM cavaco_timer WHERE id = ANY(%s)", [ids])
