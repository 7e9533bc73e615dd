"""Local wall-clock times and the instants they stand for, DST gaps and overlaps included."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil import tz as dateutil_tz


def instant_of(*, day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local wall-clock time.

    A time that a DST gap skips becomes the first instant after the gap; a time that an overlap
    repeats becomes its first occurrence.
    """
    local = datetime.combine(day, at, tzinfo=zone).replace(fold=0)
    if dateutil_tz.datetime_exists(local):
        return local.astimezone(UTC)
    return _end_of_gap(local).astimezone(UTC)


def _end_of_gap(local: datetime) -> datetime:
    """The first existing local time after the gap that `local` lies in."""
    zone = local.tzinfo
    before = (local - timedelta(days=1)).astimezone(UTC)
    after = (local + timedelta(days=1)).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0).astimezone(zone)


def next_local(*, after: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The first instant, at `after` or later, whose local wall-clock time is `at`."""
    day = after.astimezone(zone).date()
    for offset in range(3):
        candidate = instant_of(day=day + timedelta(days=offset), at=at, zone=zone)
        if candidate >= after:
            return candidate
    raise AssertionError("a local time comes round within three days in every zone")


def lies_between(*, moment: time, start: time, end: time) -> bool:
    """Whether a wall-clock time lies in [start, end), which may run over midnight."""
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end
