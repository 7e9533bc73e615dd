"""A lease on a piece of work, so that two workers do not do it at once for nothing.

It saves work and is no guarantee: what is done under it must be safe to do twice. It is a row and
not a lock of the session, for a pooled connection would keep such a lock for ever.
"""

from datetime import datetime

from django.db import connection

from cavaco_plugin.events.models import Watermark

TAKE = """
INSERT INTO cavaco_watermark (name, position_at, detail, updated_at) VALUES (%s, %s, '{}', %s)
ON CONFLICT (name) DO UPDATE SET position_at = excluded.position_at, updated_at = excluded.updated_at
WHERE cavaco_watermark.position_at <= excluded.updated_at
"""


def take(*, name: str, until: datetime, now: datetime) -> bool:
    """Whether the work is ours, until that moment at the longest."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [f"lease:{name}", until, now])
        return cursor.rowcount == 1


def give_back(*, name: str, now: datetime) -> None:
    """Let the next worker begin at once."""
    Watermark.objects.filter(name=f"lease:{name}").update(position_at=now, updated_at=now)
