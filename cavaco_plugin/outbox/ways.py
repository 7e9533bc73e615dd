"""The way out of each channel: its provider, and whether anything may be sent through it now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from cavaco_plugin.channels.breaker import CLOSED, Breaker, Permit, permit
from cavaco_plugin.channels.configuration import Active, active
from cavaco_plugin.channels.models import ProviderHealth
from cavaco_plugin.channels.registry import UnknownProvider
from cavaco_plugin.channels.seal import BrokenSeal
from cavaco_plugin.channels.validation import WrongSettings
from cavaco_plugin.policy.intent import Stop


@dataclass(frozen=True, slots=True)
class Way:
    """One channel's way out. `problem` says why there is none."""

    channel: str
    active: Active | None
    breaker: Breaker = CLOSED
    problem: str = ""

    @property
    def provider(self) -> str:
        """The provider's name, or ""."""
        return self.active.provider.name if self.active else ""

    def stop(self, *, now: datetime) -> Stop | None:
        """Why nothing leaves this way at `now`; None: the way is free, be it for a probe."""
        if self.active is None:
            return Stop(self.problem, None)
        allowed = permit(self.breaker, now=now)
        if allowed.at_most != 0:
            return None
        return stopped(self.breaker, retry_at=allowed.ask_again_at)


def stopped(breaker: Breaker, *, retry_at: datetime | None) -> Stop:
    """What the gate is told of a breaker that is not closed."""
    return Stop(breaker.stopped_reason or "the provider does not answer as it should", retry_at)


def find(channels: Collection[str]) -> dict[str, Way]:
    """The way out of each of these channels; the number of queries depends on the channels only."""
    ways = {channel: _way(channel) for channel in sorted(channels)}
    health = {(row.channel, row.provider): _breaker(row) for row in _rows(ways)}
    return {
        channel: replace(way, breaker=health.get((channel, way.provider), CLOSED))
        for channel, way in ways.items()
    }


def take_permits(ways: Mapping[str, Way], *, now: datetime) -> dict[str, Permit]:
    """How much may go out on each channel; with the rows of breakers that are not closed locked.

    Two workers never take the same probe. Store the permit's breaker once its messages are claimed.
    """
    unsure = {channel: way for channel, way in ways.items() if way.active and way.breaker != CLOSED}
    if unsure:
        locked = _rows(unsure).select_for_update().order_by("pk")
        known = {row.channel: _breaker(row) for row in locked}
        ways = {
            channel: replace(way, breaker=known.get(channel, CLOSED))
            for channel, way in ways.items()
        }
    return {channel: permit(way.breaker, now=now) for channel, way in ways.items() if way.active}


def store(*, channel: str, provider: str, breaker: Breaker, now: datetime) -> None:
    """Keep what became of a breaker."""
    values = {
        "state": breaker.state,
        "failures": breaker.failures,
        "opened_at": breaker.opened_at,
        "retry_at": breaker.retry_at,
        "stopped_reason": breaker.stopped_reason,
        "updated_at": now,
    }
    ProviderHealth.objects.update_or_create(channel=channel, provider=provider, defaults=values)


def lock_breaker(*, channel: str, provider: str, now: datetime) -> Breaker:
    """The breaker as it is, locked. Called before places are taken or given back, by a claim too."""
    fresh = ProviderHealth(channel=channel, provider=provider, updated_at=now)
    ProviderHealth.objects.bulk_create([fresh], ignore_conflicts=True)
    row = ProviderHealth.objects.select_for_update().get(channel=channel, provider=provider)
    return _breaker(row)


def _way(channel: str) -> Way:
    try:
        found = active(channel=channel)
    except (WrongSettings, BrokenSeal, UnknownProvider) as error:
        return Way(channel, None, problem=str(error))
    return Way(channel, found, problem="" if found else "no provider is set up for this channel")


def _rows(ways: Mapping[str, Way]) -> QuerySet[ProviderHealth]:
    names = {way.provider for way in ways.values()}
    return ProviderHealth.objects.filter(channel__in=ways.keys(), provider__in=names)


def _breaker(row: ProviderHealth) -> Breaker:
    return Breaker(row.state, row.failures, row.opened_at, row.retry_at, row.stopped_reason)  # type: ignore[arg-type]
