"""What law and courtesy add to a text message, and how it stays short."""

from __future__ import annotations

import re

# A phone counts one such character as a reason to send everything in UCS-2, 70 characters a part.
_PLAIN = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2018": "'", "\u2019": "'", "\u201a": ",",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...",
        "\u00b7": "-", "\u00d7": "x", "\u200b": "", "\u2060": "", "\ufeff": "",
    }
)  # fmt: skip
_BRAND = re.compile(r"\{\{-?\s*shop\.name\b")
_STOP = re.compile(r"\bSTOP\b|\blinks\.unsubscribe\b")


def with_brand_and_opt_out(body: str, *, hint: str) -> str:
    """`body` with the shop's name in front and the way out at its end, unless it has them.

    `hint` is empty for transactional messages, which need no way out.
    """
    text = " ".join(body.split())
    if not _BRAND.search(text):
        text = "{{ shop.name }}: " + text
    if hint and not _STOP.search(text):
        text = f"{text} {hint}"
    return text


def plain_characters(text: str) -> str:
    """`text` with typographic spaces, quotes and dashes replaced by those every phone has."""
    return " ".join(text.translate(_PLAIN).split())
