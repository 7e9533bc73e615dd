"""The words on our pages, one file per language."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.http import HttpRequest

from cavaco_plugin.consent.topics import LANGUAGES
from cavaco_plugin.content.languages import choose_language

_FOLDER = Path(__file__).parent / "strings"
# How each language calls itself, for whoever cannot read the page they got.
OWN_NAMES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pl": "Polski",
}


@cache
def words(language: str) -> Mapping[str, str]:
    """Every text of one language by its key."""
    texts: dict[str, str] = json.loads((_FOLDER / f"{language}.json").read_text("utf-8"))
    return texts


@cache
def words_for_templates(language: str) -> Mapping[str, str]:
    """The same with names that a template can spell."""
    return {key.replace(".", "_"): text for key, text in words(language).items()}


def page_language(*, person: str, shop: str, request: HttpRequest) -> str:
    """The person's own language, then their browser's, then the shop's."""
    return choose_language(
        LANGUAGES, person=person, subject=_browser_language(request), sales_channel=shop
    ).language


def _browser_language(request: HttpRequest) -> str:
    wishes = request.headers.get("Accept-Language", "").split(",")
    codes = (wish.partition(";")[0].strip() for wish in wishes)
    return next((code for code in codes if code.lower().split("-")[0] in LANGUAGES), "")
