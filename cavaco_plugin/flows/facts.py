"""Everything a step may look at about the person and the subject, loaded beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FactType = Literal["text", "language", "number", "boolean", "money", "anything"]
# What is read from the database together; a flow loads only the groups its steps name.
FactGroup = Literal["person", "reach", "subject"]

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class FactKind:
    """One fact a rule may name. A name that ends in "." stands for all that begin with it."""

    name: str
    type: FactType
    group: FactGroup
    description: str


KNOWN_FACTS = (
    FactKind("person.language", "language", "person", "Language, such as de or de-AT"),
    FactKind("person.country", "text", "person", "Country code, such as DE"),
    FactKind("person.traits.", "anything", "person", "A trait of the person by name"),
    FactKind("orders.count", "number", "person", "How many orders the person placed"),
    FactKind("orders.total", "money", "person", "What the person spent, by currency"),
    FactKind("consent.", "text", "reach", "granted, withdrawn, pending or empty, by channel"),
    FactKind("reachable.", "boolean", "reach", "Whether a channel may and can reach the person"),
    FactKind("checkout.total", "money", "subject", "Sum of the cart"),
    FactKind("checkout.lines", "number", "subject", "Number of lines in the cart"),
    FactKind("order.total", "money", "subject", "Sum of the order"),
    FactKind("order.lines", "number", "subject", "Number of lines in the order"),
    FactKind("event.", "anything", "person", "Data of the event that let the person in"),
)


@lru_cache(maxsize=1024)
def kind_of(name: str) -> FactKind | None:
    """The kind of the fact called `name`, or None where there is no such fact."""
    for kind in KNOWN_FACTS:
        if name == kind.name and not kind.name.endswith("."):
            return kind
        if kind.name.endswith(".") and name.startswith(kind.name) and name != kind.name:
            return kind
    return None


class Facts(NamedTuple):
    """The facts about one run at one moment. A tuple, for thousands are made in a second.

    Attributes:
        person_key: names the person for ever; decides splits.
        time_zone: IANA name; an unknown one counts as UTC.
        values: fact name → value; money is {"EUR": "12.00"}; a fact not known is missing.
    """

    person_key: str = ""
    time_zone: str = "UTC"
    values: Mapping[str, object] = MappingProxyType({})

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.time_zone)

    def value(self, name: str) -> object:
        return self.values.get(name)

    def with_traits(self, traits: Mapping[str, object]) -> "Facts":
        """The facts after these traits were set."""
        named = {f"person.traits.{name}": value for name, value in traits.items()}
        return Facts(self.person_key, self.time_zone, {**self.values, **named})


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC_ZONE
