"""What a person means who texts back: stop, help, start, or something else. Pure.

Two ways to say it. A *word*: the whole message is one of the words below, whatever its case, accents or
punctuation. A *wish*: free text that asks us to stop, as the law lets people put it ("any reasonable means").
A wish is read narrowly, because "don't stop" and "why did you stop?" mean the opposite or nothing at all.
Where the rules leave a doubt, nothing changes and a person has to read the message.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from cavaco_plugin.channels.sms.keyword_lists import (
    HELP_WORDS,
    START_WORDS,
    STOP_WISHES,
    STOP_WORDS,
    TURNED,
)

Meaning = Literal["stop", "help", "start", "other"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning, how it was said, and the words that decided."""

    meaning: Meaning
    by: Literal["word", "wish", ""] = ""
    matched: str = ""


def _words(languages: dict[str, str]) -> frozenset[str]:
    return frozenset(word for words in languages.values() for word in words.split("|"))


_WORDS: list[tuple[Meaning, frozenset[str]]] = [
    ("stop", _words(STOP_WORDS)),
    ("help", _words(HELP_WORDS)),
    ("start", _words(START_WORDS)),
]
_WISHES = [re.compile(wish) for wish in STOP_WISHES]
_POLITE = re.compile(
    r"^((please|pls|bitte|svp|por favor|prosze) )+"
    r"|( (please|pls|bitte|svp|s il vous plait|por favor|prosze|now|thanks|thank you|danke|merci|gracias))+$"
)
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"})
LONGEST = 2000


def read(text: str) -> Reading:
    """What the person means. A longer text than any phone sends is cut before it is read."""
    plain = normalise(text[:LONGEST])
    word = _POLITE.sub("", plain)
    for meaning, words in _WORDS:
        if word in words or plain in words:
            return Reading(meaning, "word", word)
    return _wish(plain)


def _wish(plain: str) -> Reading:
    if TURNED.search(plain):
        return Reading("other")
    for wish in _WISHES:
        found = wish.search(plain)
        if found:
            return Reading("stop", "wish", found.group(0))
    return Reading("other")


def normalise(text: str) -> str:
    """Small letters without accents, apostrophes or punctuation; one space between words."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    # English contractions close up (don't → dont); elsewhere an apostrophe parts two words (m'envoyer).
    bare = re.sub(r"(?<=n)['’`´](?=t\b)", "", bare)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())
