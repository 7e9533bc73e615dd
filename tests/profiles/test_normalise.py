"""One spelling for each address, language and place."""

import pytest

from cavaco_plugin.profiles.normalise import (
    ZoneGuess,
    is_time_zone,
    normalise_email,
    normalise_language,
    normalise_phone,
    time_zone,
)
from cavaco_plugin.profiles.zones.areas import AREAS
from cavaco_plugin.profiles.zones.countries import COUNTRIES
from cavaco_plugin.profiles.zones.regions import REGIONS


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" Anna@Example.COM ", "anna@example.com"),
        ("a.n.n.a+shop@gmail.com", "a.n.n.a+shop@gmail.com"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"),
        ("ünal@example.com", "ünal@example.com"),
        ("u\N{COMBINING DIAERESIS}nal@example.com", "ünal@example.com"),
        ("anna@example.com.", "anna@example.com"),
        ('"a@b"@example.com', '"a@b"@example.com'),
        ("anna", ""),
        ("anna@", ""),
        ("@example.com", ""),
        ("anna@localhost", ""),
        ("an na@example.com", ""),
        ("anna\n@example.com", ""),
        ("anna@exa..mple.\N{ZERO WIDTH SPACE}com", ""),
        ("a" * 250 + "@example.com", ""),
        ("", ""),
    ],
)
def test_an_email_address_has_one_spelling(written, normal):
    assert normalise_email(written) == normal
    assert normalise_email(normal) == normal


@pytest.mark.parametrize(
    ("written", "country", "normal"),
    [
        ("+49 30 1234567", "", "+49301234567"),
        ("030 / 123 45 67", "DE", "+49301234567"),
        ("030 / 123 45 67", "de", "+49301234567"),
        ("(212) 555-2368", "US", "+12125552368"),
        ("0049301234567", "DE", "+49301234567"),
        ("030 1234567", "", ""),
        ("112", "DE", ""),
        ("+1 000 000 0000", "US", ""),
        ("call me", "DE", ""),
        ("", "DE", ""),
        ("+49301234567", "??", "+49301234567"),
    ],
)
def test_a_phone_number_is_read_as_dialled_in_its_country(written, country, normal):
    assert normalise_phone(written, country=country) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("EN_US", "en-us"),
        ("de", "de"),
        ("ZH_HANS_CN", "zh-hans-cn"),
        ("pt-BR", "pt-br"),
        ("", ""),
        ("English", ""),
        ("en_", ""),
    ],
)
def test_a_language_is_a_tag(written, normal):
    assert normalise_language(written) == normal


NEW_YORK_PHONE = {"phone": "+12125552368"}
BERLIN = {"country": "DE"}


@pytest.mark.parametrize(
    ("known", "zone", "source"),
    [
        ({"stated": "Asia/Tokyo", **NEW_YORK_PHONE, **BERLIN}, "Asia/Tokyo", "stated"),
        ({"stated": "Nowhere", **NEW_YORK_PHONE}, "America/New_York", "phone"),
        ({**NEW_YORK_PHONE, **BERLIN}, "America/New_York", "phone"),
        ({"phone": "+18005552368", **BERLIN}, "Europe/Berlin", "address"),
        ({"phone": "+493012345", "country": "FR"}, "Europe/Paris", "address"),
        ({"country": "us", "area": "ca"}, "America/Los_Angeles", "address"),
        ({"country": "US", "area": "California"}, "America/Los_Angeles", "address"),
        ({"country": "CA", "area": "BC"}, "America/Vancouver", "address"),
        ({"country": "MX", "area": "BC"}, "America/Tijuana", "address"),
        ({"country": "US"}, "America/New_York", "address"),
        ({"country": "BR", "area": "Rondônia"}, "America/Porto_Velho", "address"),
        ({"country": "AU", "area": "WA"}, "Australia/Perth", "address"),
        ({"country": "ES", "area": "Las Palmas"}, "Atlantic/Canary", "address"),
        ({"country": "ES", "postal_code": "38001"}, "Atlantic/Canary", "address"),
        ({"country": "ES", "postal_code": "28001"}, "Europe/Madrid", "address"),
        ({"country": "PT", "area": "Açores"}, "Atlantic/Azores", "address"),
        ({"country": "RU", "area": "Приморский край"}, "Asia/Vladivostok", "address"),
        ({"sales_channel_zone": "Europe/Warsaw"}, "Europe/Warsaw", "sales_channel"),
        (
            {"country": "??", "sales_channel_zone": "Europe/Warsaw"},
            "Europe/Warsaw",
            "sales_channel",
        ),
        ({}, "", ""),
    ],
)
def test_the_best_known_place_names_the_zone(known, zone, source):
    assert time_zone(**known) == ZoneGuess(zone, source)


def test_every_zone_in_the_tables_exists():
    named = {*AREAS.values(), *COUNTRIES.values(), *REGIONS.values()}
    assert [zone for zone in named if not is_time_zone(zone)] == []
    assert (len(COUNTRIES), min(map(len, COUNTRIES)), max(map(len, COUNTRIES))) == (246, 2, 2)
