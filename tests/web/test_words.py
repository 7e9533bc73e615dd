import json
import re
import string
from pathlib import Path

import pytest

from cavaco_plugin import web
from cavaco_plugin.content.colour import contrast
from cavaco_plugin.web.look import DARK_CARD, LIGHT_CARD, look_of

FOLDER = Path(web.__file__).parent
LANGUAGES = ("en", "de", "fr", "es", "pl")
TEXTS = {code: json.loads((FOLDER / "strings" / f"{code}.json").read_text()) for code in LANGUAGES}


def holes(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_holes(language):
    assert set(TEXTS[language]) == set(TEXTS["en"])
    for key, text in TEXTS[language].items():
        assert text.strip() == text != "", key
        assert holes(text) == holes(TEXTS["en"][key]), key


def test_every_text_a_page_names_exists():
    known = {key.replace(".", "_") for key in TEXTS["en"]}
    for page in (FOLDER / "pages").glob("*.html"):
        named = set(re.findall(r"text\.(\w+)", page.read_text()))
        assert named <= known, page.name


@pytest.mark.parametrize(
    "colour", ["#1f6f5c", "#ffd400", "#fff", "#000000", "#e11d48", "no colour"]
)
def test_every_brand_colour_is_readable_by_light_and_by_dark(colour):
    look = look_of(colour)
    assert contrast(look.accent, LIGHT_CARD) >= 4.5
    assert contrast(look.brand_dark, DARK_CARD) >= 4.5
    assert contrast(look.brand, look.on_brand) >= 4.5
    assert contrast(look.brand_dark, look.on_brand_dark) >= 4.5
