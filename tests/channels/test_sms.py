"""Segments, prices and the words people text back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.channels.contract import Money
from cavaco_plugin.channels.sms.keywords import Reading, read
from cavaco_plugin.channels.sms.prices import country_of, price_of
from cavaco_plugin.channels.sms.segments import Segments, count_segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 1, 0, "")),
        ("a" * 160, Segments("GSM-7", 1, 160, "")),
        ("a" * 161, Segments("GSM-7", 2, 161, "")),
        ("a" * 306, Segments("GSM-7", 2, 306, "")),
        ("a" * 307, Segments("GSM-7", 3, 307, "")),
        ("€" * 80, Segments("GSM-7", 1, 160, "")),
        ("€" * 81, Segments("GSM-7", 2, 162, "")),
        ("äöüßéñ", Segments("GSM-7", 1, 6, "")),
        ("ż" * 70, Segments("UCS-2", 1, 70, "ż")),
        ("ż" * 71, Segments("UCS-2", 2, 71, "ż")),
        ("ż" * 134, Segments("UCS-2", 2, 134, "ż")),
        ("ż" * 135, Segments("UCS-2", 3, 135, "ż")),
        ("😀" * 35, Segments("UCS-2", 1, 70, "😀")),
        ("😀" * 36, Segments("UCS-2", 2, 72, "😀")),
        ("a ż b ś c ż", Segments("UCS-2", 1, 11, "żś")),
    ],
)
def test_a_text_takes_so_many_segments(text: str, expected: Segments):
    assert count_segments(text) == expected


@given(st.text(max_size=600))
def test_segments_are_never_too_few(text: str):
    segments = count_segments(text)
    single, several = (160, 153) if segments.encoding == "GSM-7" else (70, 67)
    assert segments.units <= (single if segments.count == 1 else segments.count * several)


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("+12125550123", "US"),
        ("+16135550123", "CA"),
        ("+4915112345678", "DE"),
        ("+48501234567", "PL"),
        ("+34612345678", "ES"),
        ("+33612345678", "FR"),
        ("+447700900123", "GB"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_a_number_has_a_country(address: str, country: str):
    assert country_of(address) == country


def test_an_unknown_country_costs_the_careful_figure():
    assert price_of(address="+998901234567", segments=2) == Money(Decimal("0.30"), "USD")


def test_a_shops_own_price_wins_and_keeps_its_currency():
    prices = {"DE": Decimal("0.07")}
    own = price_of(address="+4915112345678", segments=3, prices=prices, currency="EUR")
    other = price_of(address="+48501234567", segments=3, prices=prices, currency="EUR")
    assert own == Money(Decimal("0.21"), "EUR")
    assert other == Money(Decimal("0.18"), "USD")


STOP_WORDS = [
    "STOP", "Stop.", "stop please", "Please STOP!", "stop 🙏", "  stop  ", "StopAll", "STOP ALL",
    "quit", "END", "revoke", "opt-out", "OPT OUT", "optout", "cancel", "Unsubscribe!",
    "Stopp", "Abmelden bitte", "Bitte abmelden", "kündigen", "Widerruf", "ABBESTELLEN",
    "Arrêt", "ARRETEZ", "Désabonner", "stop svp", "désinscription",
    "baja", "ALTO", "Cancelar", "darse de baja", "¡Basta!",
    "koniec", "wypisz mnie", "rezygnuję", "zakończ", "Przestań!", "anuluj",
]  # fmt: skip
STOP_WISHES = [
    "please stop texting me",
    "Stop sending me messages",
    "stop sending me this",
    "can you stop the texts",
    "STOP TEXTING",
    "quit spamming me",
    "don't text me anymore",
    "don’t text me",
    "Do not contact me again",
    "dont ever message us",
    "I don't want these messages anymore",
    "I no longer want to receive your messages",
    "no more texts",
    "take me off your list",
    "remove my number from this list",
    "unsubscribe me",
    "I want to opt out",
    "I revoke my consent",
    "leave me alone",
    "stop texting me about my order",
    "Bitte keine SMS mehr",
    "Ich möchte keine Nachrichten mehr bekommen",
    "Hört auf mir zu schreiben",
    "Schreiben Sie mir nicht mehr",
    "Lassen Sie mich in Ruhe",
    "Können Sie mich bitte abmelden?",
    "Ne m'envoyez plus de messages",
    "arrêtez de m'envoyer des SMS",
    "Je ne souhaite plus recevoir vos SMS",
    "Désabonnez-moi",
    "je veux me désabonner",
    "no quiero recibir más mensajes",
    "no me escriban más",
    "dejen de enviarme mensajes",
    "quiero darme de baja",
    "Nie chcę więcej SMS-ów",
    "proszę nie wysyłać wiadomości",
    "Proszę mnie wypisać",
    "Usuńcie mnie z listy",
]
OTHER = [
    "", "yes", "ok", "thanks", "🛑", "--", "42",
    "don't stop texting me",
    "Don't stop!",
    "never stop sending these",
    "why did you stop texting me?",
    "can't stop loving it",
    "I'll stop by the store",
    "when does the sale end?",
    "Is this the end?",
    "cancel my order",
    "please stop my order",
    "how do I cancel my order",
    "I will text you",
    "I did not receive any texts",
    "I dont get messages from you",
    "dont send me the red one",
    "don't call me, just text me",
    "do not send it to my old address",
    "ich habe keine SMS bekommen",
    "n'arrêtez pas vos messages",
    "je n'ai plus de messages, pourquoi?",
    "no me llegan los mensajes",
    "stopper",
    "endless",
    "unsubscribed already?",
]  # fmt: skip


@pytest.mark.parametrize("text", STOP_WORDS)
def test_a_word_that_stops(text: str):
    reading = read(text)
    assert (reading.meaning, reading.by) == ("stop", "word")


@pytest.mark.parametrize("text", STOP_WISHES)
def test_a_wish_to_stop_in_ones_own_words(text: str):
    reading = read(text)
    assert (reading.meaning, reading.by) == ("stop", "wish")
    assert reading.matched


@pytest.mark.parametrize("text", OTHER)
def test_what_is_no_wish_to_stop_changes_nothing(text: str):
    assert read(text) == Reading("other")


@pytest.mark.parametrize("text", ["HELP", "Help?", "info", "Hilfe", "aide", "Ayuda", "POMOC"])
def test_a_word_that_asks_for_help(text: str):
    assert read(text).meaning == "help"


@pytest.mark.parametrize("text", ["START", "unstop", "Anmelden", "reprendre", "ALTA", "wznów"])
def test_a_word_that_starts_again(text: str):
    assert read(text).meaning == "start"


def test_yes_does_not_start_again_because_it_answers_other_questions():
    assert read("YES") == Reading("other")


@given(st.text(max_size=3000))
def test_any_text_is_read(text: str):
    assert read(text).meaning in {"stop", "help", "start", "other"}
