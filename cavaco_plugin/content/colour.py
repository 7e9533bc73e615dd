"""Colours that can be read: contrast as WCAG 2 defines it, for any brand colour a shop has."""

from __future__ import annotations

import re
from functools import lru_cache

BLACK, WHITE = "#000000", "#ffffff"
FALLBACK = "#27272a"
NEARLY_WHITE = "#f4f4f5"
DARK_CARD = "#1f1f23"
LEAST_CONTRAST_OF_A_SHAPE = 3.0

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

Rgb = tuple[int, int, int]


def _rgb(colour: str) -> Rgb:
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _luminance(rgb: Rgb) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=512)
def safe_colour(value: object) -> str:
    """`value` when it is a colour in hexadecimal, else a dark neutral: a typing error never breaks a mail."""
    text = str(value).strip()
    return text.lower() if _HEX.fullmatch(text) else FALLBACK


@lru_cache(maxsize=512)
def text_on(value: object) -> str:
    """Black or white, whichever reads better on `value`."""
    colour = safe_colour(value)
    return WHITE if contrast(colour, WHITE) >= contrast(colour, BLACK) else BLACK


@lru_cache(maxsize=512)
def on_dark(value: object) -> str:
    """`value`, lightened until a shape in it stands out from the card of the dark design.

    A black or dark grey would become a grey that looks switched off: it turns into nearly white instead.
    """
    red, green, blue = _rgb(safe_colour(value))
    if max(red, green, blue) - min(red, green, blue) < 16 and red < 128:
        return NEARLY_WHITE
    for step in range(21):
        share = step / 20
        mixed = tuple(round(part + (255 - part) * share) for part in (red, green, blue))
        colour = "#{:02x}{:02x}{:02x}".format(*mixed)
        if contrast(colour, DARK_CARD) >= LEAST_CONTRAST_OF_A_SHAPE:
            return colour
    return WHITE
