"""Money and dates, as people write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cavaco_plugin.content.formatting import locale_of, long_date, money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "expected"),
    [
        ("86", "GBP", "en", "£86.00"),
        ("1234.5", "USD", "en", "$1,234.50"),
        ("1234.5", "EUR", "de", "1.234,50\u00a0€"),
        ("1234.5", "EUR", "de-AT", "€\u00a01.234,50"),
        ("86", "EUR", "fr", "86,00\u00a0€"),
        ("86", "EUR", "es", "86,00\u00a0€"),
        ("86", "PLN", "pl", "86,00\u00a0zł"),
        ("1980", "JPY", "en", "¥1,980"),
        ("86", "EUR", "xx-unknown", "€86.00"),
    ],
)
def test_money_reads_as_at_home(amount, currency, language, expected):
    assert money(Decimal(amount), currency, language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "November 14, 2026"),
        ("en-GB", "14 November 2026"),
        ("de", "14. November 2026"),
        ("fr", "14 novembre 2026"),
        ("es", "14 de noviembre de 2026"),
        ("pl", "14 listopada 2026"),
    ],
)
def test_a_date_reads_as_at_home(language, expected):
    assert long_date(date(2026, 11, 14), language) == expected


def test_a_moment_is_the_day_of_its_own_zone():
    assert long_date(datetime(2026, 11, 14, 23, 30, tzinfo=UTC), "de") == "14. November 2026"


def test_an_unknown_region_falls_back_to_its_language():
    assert str(locale_of("de_XQ")) == "de"
