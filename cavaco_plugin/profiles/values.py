"""The values of a person, from two rows of one person or from what the shop says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from cavaco_plugin.profiles.normalise import ZoneGuess

JsonObject = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Person:
    """What a profile says about a person, without the orders, which are counted again."""

    first_name: str = ""
    last_name: str = ""
    language: str = ""
    country: str = ""
    time_zone: str = ""
    time_zone_source: str = ""
    traits: JsonObject | None = None
    personal_cap: JsonObject | None = None
    paused_until: datetime | None = None
    as_of: datetime | None = None

    @property
    def zone(self) -> ZoneGuess:
        return ZoneGuess(self.time_zone, self.time_zone_source)


FIELDS = tuple(field.name for field in fields(Person))
_TOLD = ("first_name", "last_name", "language", "country")


def joined(winner: Person, loser: Person) -> Person:
    """One person out of two: the newer word where both speak, the stricter wish of the two."""
    newer, older = (loser, winner) if _is_newer(loser.as_of, winner.as_of) else (winner, loser)
    zone = newer.zone if newer.zone.outweighs(older.zone) else older.zone
    return Person(
        **{name: getattr(newer, name) or getattr(older, name) for name in _TOLD},
        time_zone=zone.name,
        time_zone_source=zone.source,
        traits={**(older.traits or {}), **(newer.traits or {})},
        personal_cap=_stricter_cap(winner.personal_cap, loser.personal_cap),
        paused_until=_later(winner.paused_until, loser.paused_until),
        as_of=_later(winner.as_of, loser.as_of),
    )


def told(before: Person, said: Person) -> Person:
    """The person after the shop spoke: its newest word wins, an older one only fills gaps."""
    is_news = not _is_newer(before.as_of, said.as_of)
    first, second = (said, before) if is_news else (before, said)
    zone = said.zone if said.zone.source and is_news and said.zone.outweighs(before.zone) else None
    zone = zone or (before.zone if before.zone.source else said.zone)
    return Person(
        **{name: getattr(first, name) or getattr(second, name) for name in _TOLD},
        time_zone=zone.name,
        time_zone_source=zone.source,
        traits=before.traits,
        personal_cap=before.personal_cap,
        paused_until=before.paused_until,
        as_of=_later(before.as_of, said.as_of),
    )


def _is_newer(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment), default=None)


def _stricter_cap(one: JsonObject | None, other: JsonObject | None) -> JsonObject | None:
    """The cap that lets through fewer messages a day; of equals the one with fewer at once."""
    caps = [cap for cap in (one, other) if cap]
    return min(caps, key=_generosity) if caps else None


def _generosity(cap: JsonObject) -> tuple[float, int]:
    messages, days = int(str(cap["messages"])), int(str(cap["days"]))
    return messages / days, messages
