"""What a text message costs, for planning and budgets. Pure.

Providers price by country, sender and carrier, and change prices often; the bill alone is right. The US figure is
Twilio's published list price of April 2026. The others are our own planning figures of November 2026, rounded up
so that a budget errs on the safe side; they are not a provider's quotation. A shop enters its own in the settings.
"""

from collections.abc import Mapping
from decimal import Decimal

import phonenumbers

from cavaco_plugin.channels.contract import Money

CURRENCY = "USD"
PER_SEGMENT: dict[str, Decimal] = {
    country: Decimal(price)
    for price, countries in {
        "0.0083": ["US"],
        "0.01": ["CA"],
        "0.06": ["AU", "GB", "IE", "PL", "PT", "SE"],
        "0.09": ["CH", "CZ", "DK", "ES", "FI", "FR", "IT", "NO"],
        "0.12": ["AT", "BE", "DE", "HU", "NL", "RO"],
    }.items()
    for country in countries
}
ELSEWHERE = Decimal("0.15")


# Most calling codes belong to one country: no need to look at the rest of the number.
_ONLY_COUNTRY = {
    f"+{code}": regions[0]
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
    if len(regions) == 1 and regions[0] != "001"
}


def country_of(address: str) -> str:
    """The country of an E.164 number, or an empty text."""
    only = _ONLY_COUNTRY.get(address[:4]) or _ONLY_COUNTRY.get(address[:3])
    if only:
        return only
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return ""
    # A number outside every known range still costs what its calling code costs.
    region = phonenumbers.region_code_for_number(number)
    region = region or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return "" if region in ("ZZ", "001") else region


def price_of(
    *,
    address: str,
    segments: int,
    prices: Mapping[str, Decimal] | None = None,
    currency: str = CURRENCY,
) -> Money:
    """The price of so many segments to a number.

    A shop's own `prices` win. Only when they are in our table's currency are they mixed with it.
    """
    country = country_of(address)
    if prices and country in prices:
        return Money(prices[country] * segments, currency)
    return Money(PER_SEGMENT.get(country, ELSEWHERE) * segments, CURRENCY)
