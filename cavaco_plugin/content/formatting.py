"""Money and dates as a person of a language and region writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """The locale of a code such as ``de-AT`` or ``pt_br``; its base, then English, when it is unknown."""
    parts = language.replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:length]), sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")


@lru_cache(maxsize=16_384)
def money(amount: Decimal, currency: str, language: str) -> str:
    """`amount` with its currency: £86.00, 86,00 €, 86,00 zł. Prices recur, so each is formatted once."""
    return str(format_currency(amount, currency, locale=locale_of(language)))


@lru_cache(maxsize=4_096)
def _day(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=locale_of(language)))


def long_date(moment: date | datetime, language: str) -> str:
    """The day of `moment`, in the zone it carries: 14 November 2026, 14 listopada 2026."""
    return _day(moment.date() if isinstance(moment, datetime) else moment, language)
