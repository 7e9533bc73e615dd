"""What a person can agree to hear about. A new topic is one more entry here."""

from collections.abc import Mapping
from dataclasses import dataclass

MARKETING = "marketing"
TRANSACTIONAL = "transactional"
EVERY_TOPIC = "*"
LANGUAGES = ("en", "de", "fr", "es", "pl")


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of messages. A transactional topic needs no consent and cannot be left."""

    key: str
    purpose: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """The topic as a person reads it, in English where their language is missing."""
        return self.names.get(base_language(language), self.names["en"])


TOPICS: dict[str, Topic] = {
    topic.key: topic
    for topic in (
        Topic(
            "newsletter",
            MARKETING,
            {
                "en": "News and offers",
                "de": "Neuigkeiten und Angebote",
                "fr": "Nouveautés et offres",
                "es": "Novedades y ofertas",
                "pl": "Nowości i oferty",
            },
        ),
        Topic(
            "cart_reminders",
            MARKETING,
            {
                "en": "Reminders about your cart",
                "de": "Erinnerungen an deinen Warenkorb",
                "fr": "Rappels sur votre panier",
                "es": "Recordatorios de tu carrito",
                "pl": "Przypomnienia o koszyku",
            },
        ),
        Topic(
            "after_purchase",
            MARKETING,
            {
                "en": "Tips and ideas after a purchase",
                "de": "Tipps und Ideen nach dem Kauf",
                "fr": "Conseils et idées après un achat",
                "es": "Consejos e ideas después de una compra",
                "pl": "Porady i pomysły po zakupie",
            },
        ),
        Topic(
            "service",
            TRANSACTIONAL,
            {
                "en": "Your orders and your account",
                "de": "Deine Bestellungen und dein Konto",
                "fr": "Vos commandes et votre compte",
                "es": "Tus pedidos y tu cuenta",
                "pl": "Twoje zamówienia i konto",
            },
        ),
    )
}

MARKETING_TOPICS = tuple(topic.key for topic in TOPICS.values() if topic.purpose == MARKETING)


def base_language(language: str) -> str:
    """`de` of `de-AT` or `DE_at`."""
    return language.replace("_", "-").partition("-")[0].lower()
