"""How far the due timers have been read, so that a read need not step over the dead.

While a long transaction is open anywhere in the database, PostgreSQL keeps every version of every
timer that was moved since; a read that starts at the oldest due time steps over all of them. It
therefore starts where the last batch ended. Timers that are due earlier all the same (set late, or
held by a worker that gave up) are found by a full read every few seconds. Pure.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

FULL_READ_EVERY = timedelta(seconds=5)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Watermark:
    """One process's own mark; losing it costs one full read."""

    position: datetime = BEGINNING
    full_read_at: datetime | None = field(default=None)

    def start(self, *, now: datetime) -> datetime:
        """From which due time on to read, for a reader that starts at `now`."""
        last = self.full_read_at
        if last is None or not last < now < last + FULL_READ_EVERY:
            self.position, self.full_read_at = BEGINNING, now
        return self.position

    def move(self, *, to: datetime) -> None:
        """Everything due before `to` was read."""
        self.position = max(self.position, to)
