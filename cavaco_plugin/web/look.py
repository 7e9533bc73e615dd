"""The shop's colour on our pages, made readable by light and by dark. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from cavaco_plugin.content.colour import contrast, safe_colour, text_on

LIGHT_CARD, DARK_CARD = "#ffffff", "#1f1f23"
READABLE = 4.5


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of the button, the text on it, and the links."""

    brand: str
    on_brand: str
    accent: str
    brand_dark: str
    on_brand_dark: str


@lru_cache(maxsize=256)
def look_of(colour: str) -> Look:
    """The look for a brand colour, whatever it is: a wrong one becomes a neutral."""
    brand = safe_colour(colour)
    brand_dark = _readable(brand, on=DARK_CARD, towards=(255, 255, 255))
    return Look(
        brand=brand,
        on_brand=text_on(brand),
        accent=_readable(brand, on=LIGHT_CARD, towards=(0, 0, 0)),
        brand_dark=brand_dark,
        on_brand_dark=text_on(brand_dark),
    )


def _readable(colour: str, *, on: str, towards: tuple[int, int, int]) -> str:
    """The colour, moved towards black or white until text in it reads well."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
    for step in range(41):
        share = step / 40
        mixed = [
            round(part + (end - part) * share) for part, end in zip(parts, towards, strict=True)
        ]
        candidate = "#{:02x}{:02x}{:02x}".format(*mixed)
        if contrast(candidate, on) >= READABLE:
            return candidate
    return text_on(on)
