"""Marketing waits for the morning of the person who gets it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cavaco_plugin.kernel.windows import instant_of, lies_between
from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy, QuietHours
from cavaco_plugin.policy.facts import MessageFacts, Verdict, hold
from cavaco_plugin.policy.purposes import TRANSACTIONAL
from cavaco_plugin.policy.zones import zone_of

RULE = "quiet_hours"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Hold until the quiet hours of the channel end where the person lives."""
    quiet = policy.quiet_hours.get(facts.channel)
    if quiet is None or facts.purpose == TRANSACTIONAL or facts.is_test:
        return None
    zone = zone_of(facts.time_zone)
    local = at.astimezone(zone)
    if not lies_between(moment=local.time(), start=quiet.start, end=quiet.end):
        return None
    return hold(
        RULE,
        reasons.QUIET_HOURS,
        quiet_until(quiet, at, zone),
        local_time=local.strftime("%H:%M"),
        zone=zone.key,
        quiet=f"{quiet.start:%H:%M}-{quiet.end:%H:%M}",
    )


def quiet_until(quiet: QuietHours, at: datetime, zone: ZoneInfo) -> datetime:
    """The first edge after `at` behind which it is not quiet any more."""
    edges = (
        edge for edge in _edges(quiet, at, zone) if edge > at and not _is_quiet(quiet, edge, zone)
    )
    return min(edges)


def _edges(quiet: QuietHours, at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Where quiet hours may end around `at`: at their end on the clock, or where the clock leaps over it.

    On a night when the clock is put back the end may come twice; both count.
    """
    today = at.astimezone(zone).date()
    for offset in range(-1, 4):
        day = today + timedelta(days=offset)
        yield instant_of(day=day, at=quiet.end, zone=zone)
        second = datetime.combine(day, quiet.end, tzinfo=zone).replace(fold=1).astimezone(UTC)
        if second.astimezone(zone).time() == quiet.end:
            yield second


def _is_quiet(quiet: QuietHours, at: datetime, zone: ZoneInfo) -> bool:
    return lies_between(moment=at.astimezone(zone).time(), start=quiet.start, end=quiet.end)
