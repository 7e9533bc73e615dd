"""Who comes to the sample shop: a cast with a story each, and strangers for when the cast is through."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

_USER_NUMBERS = count(1001)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an address in one country and one language; `user_id` 0 is a guest.

    Attributes:
        consent: what the storefront wrote down: "", "email", "sms" or "email,sms".
    """

    first_name: str
    last_name: str
    email: str
    language: str
    country: str
    currency: str
    phone: str = ""
    consent: str = ""
    user_id: int = field(default_factory=lambda: next(_USER_NUMBERS))

    @property
    def name(self) -> str:
        """First and last."""
        return f"{self.first_name} {self.last_name}"


def guest(
    first_name: str, last_name: str, email: str, language: str, country: str, currency: str
) -> Person:
    """Somebody without an account, who agreed to nothing."""
    return Person(first_name, last_name, email, language, country, currency, user_id=0)


# The example numbers of the numbering plans. Everything stays on this machine: nobody is ever called.
CAST = {
    "maya": guest("Maya", "Lindqvist", "maya@example.com", "en", "US", "USD"),
    "jonas": Person(
        "Jonas", "Weber", "jonas@example.com", "de", "DE", "EUR", "+4915123456789", "email,sms"
    ),
    "camille": Person("Camille", "Moreau", "camille@example.com", "fr", "FR", "EUR", "", "email"),
    "lucia": Person("Lucía", "Fernández", "lucia@example.com", "es", "ES", "EUR", "", "email"),
    "zofia": Person("Zofia", "Nowak", "zofia@example.com", "pl", "PL", "PLN", "", "email"),
    "oliver": Person("Oliver", "Grant", "oliver@example.com", "en", "GB", "GBP", "", "email"),
    "anna": Person("Anna", "Schmidt", "anna@example.com", "de", "DE", "EUR", "", "email"),
    "pierre": Person(
        "Pierre", "Dubois", "pierre@example.com", "fr", "FR", "EUR", "+33612345678", "email,sms"
    ),
    "marek": guest("Marek", "Zieliński", "marek@example.com", "pl", "PL", "PLN"),
    "diego": Person("Diego", "Ramos", "diego@example.com", "es", "ES", "EUR", "", "email"),
    "emma": Person("Emma", "Clarke", "emma@example.com", "en", "GB", "GBP", "+447400123456", "sms"),
    "nina": Person("Nina", "Bauer", "nina@example.com", "de", "DE", "EUR", "", "email"),
}

_split = str.split
_PLACES = {
    "en": (
        "GB",
        "GBP",
        _split("Amelia Theo Isla Noah Grace Ruby Arlo Freya"),
        _split("Hart Reed Walsh Boyd Lowe Pike"),
    ),
    "de": (
        "DE",
        "EUR",
        _split("Lena Felix Mira Paul Clara Emil Greta Karl"),
        _split("Vogel Brandt Kühn Roth Falk Engel"),
    ),
    "fr": (
        "FR",
        "EUR",
        _split("Chloé Hugo Inès Louis Zoé Jules Manon Rémi"),
        _split("Laurent Girard Petit Roux Blanc Faure"),
    ),
    "es": (
        "ES",
        "EUR",
        _split("Alba Mateo Sofía Bruno Vera Hugo Noa Íñigo"),
        _split("Ortega Molina Rubio Vidal Soler Gil"),
    ),
    "pl": (
        "PL",
        "PLN",
        _split("Hanna Jan Lena Filip Maja Olek Iga Staś"),
        _split("Kowal Wrona Lis Zając Mazur Dudek"),
    ),
}


def strangers(*, seed: int) -> Iterator[Person]:
    """People without end, each with an address of their own."""
    chance = random.Random(seed)
    return (_stranger(chance, number) for number in count(1))


def _stranger(chance: random.Random, number: int) -> Person:
    language = chance.choice(list(_PLACES))
    country, currency, first_names, last_names = _PLACES[language]
    first_name = chance.choice(first_names)
    return Person(
        first_name,
        chance.choice(last_names),
        f"visitor-{number}@example.com",
        language,
        country,
        currency,
        "",
        chance.choice(["email", "email", "email", ""]),
    )
