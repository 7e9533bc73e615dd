"""One spelling for what identifies and places a person. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cavaco_plugin.profiles.zones.areas import AREAS
from cavaco_plugin.profiles.zones.countries import COUNTRIES
from cavaco_plugin.profiles.zones.regions import REGIONS
from cavaco_plugin.store.addresses import normalise_email, normalise_phone

__all__ = [
    "ZoneGuess",
    "is_time_zone",
    "normalise_email",
    "normalise_language",
    "normalise_phone",
    "time_zone",
]

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
# Spanish post codes that begin so lie on the Canary Islands, whatever the region is called.
_CANARIES = ("35", "38")

# From the strongest to the weakest way of knowing.
SOURCES = ("stated", "phone", "address", "sales_channel", "")


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """A time zone and how it is known: one of `SOURCES`; both "" where it is not."""

    name: str = ""
    source: str = ""

    def outweighs(self, other: "ZoneGuess") -> bool:
        """Whether this one is known at least as well."""
        return SOURCES.index(self.source) <= SOURCES.index(other.source)


def normalise_language(text: str) -> str:
    """`en-us` for the shop's EN_US; "" for what is no language tag."""
    tag = text.strip().replace("_", "-").lower()
    return tag if _LANGUAGE.fullmatch(tag) else ""


def time_zone(
    *,
    stated: str = "",
    phone: str = "",
    country: str = "",
    area: str = "",
    postal_code: str = "",
    sales_channel_zone: str = "",
) -> ZoneGuess:
    """Where a person's clock stands, by the best that is known.

    Args:
        phone: E.164; of a North American number the area counts.
        country, area, postal_code: of an address; a country with several zones is told apart by
            the area, and stands for the zone of most of its people where that says nothing.
        sales_channel_zone: the shop's own word, for whoever nothing else is known of.
    """
    if stated and is_time_zone(stated):
        return ZoneGuess(stated, "stated")
    if phone.startswith("+1") and (zone := AREAS.get(phone[2:5])):
        return ZoneGuess(zone, "phone")
    if zone := _zone_of_address(country.upper(), _plain(area), postal_code.strip()):
        return ZoneGuess(zone, "address")
    if sales_channel_zone and is_time_zone(sales_channel_zone):
        return ZoneGuess(sales_channel_zone, "sales_channel")
    return ZoneGuess()


def is_time_zone(name: str) -> bool:
    """Whether this names a zone of the tz database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _zone_of_address(country: str, area: str, postal_code: str) -> str:
    if country == "ES" and postal_code.startswith(_CANARIES):
        return "Atlantic/Canary"
    return REGIONS.get((country, area)) or COUNTRIES.get(country, "")


def _plain(text: str) -> str:
    """Without accents and case, as the regions are written."""
    if not text.isascii() and not _is_cyrillic(text):
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return text.strip().casefold()


def _is_cyrillic(text: str) -> bool:
    return any("Ѐ" <= sign <= "ӿ" for sign in text)
