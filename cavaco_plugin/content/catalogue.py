"""The templates that come with the product, read from `library/`.

`templates.json` lists them; `strings/<language>.json` holds every text of one language, so that a
translator works in one file; `layout.mjml`, `blocks/` and `bodies/` hold the design.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from cavaco_plugin.content.kit import Kit

LANGUAGES = ("en", "de", "fr", "es", "pl")
_LAYOUTS = ("shop", "order", "confirm")


@dataclass(frozen=True, slots=True)
class Shipped:
    """One template of the library."""

    key: str
    name: str
    channel: str
    topic: str
    purpose: str
    source: dict[str, Any]


def _library() -> Traversable:
    return files("cavaco_plugin.content").joinpath("library")


def _read(*names: str) -> str:
    return _library().joinpath(*names).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _strings() -> dict[str, dict[str, dict[str, str]]]:
    return {language: json.loads(_read("strings", f"{language}.json")) for language in LANGUAGES}


@lru_cache(maxsize=1)
def kit() -> Kit:
    """The layouts, blocks and phrases that templates, a merchant's own too, are built with."""
    layout = _read("layout.mjml")
    folder = _library().joinpath("blocks")
    blocks = {
        item.name.removesuffix(".mjml"): item.read_text(encoding="utf-8").strip()
        for item in folder.iterdir()
        if item.name.endswith(".mjml")
    }
    layouts = {name: layout.replace("[[> footer]]", f"[[> footer_{name}]]") for name in _LAYOUTS}
    return Kit(
        layouts, blocks, {language: texts["phrases"] for language, texts in _strings().items()}
    )


@lru_cache(maxsize=1)
def shipped() -> tuple[Shipped, ...]:
    """Every template of the library, with its source as a merchant would write it."""
    return tuple(_shipped(key, entry) for key, entry in json.loads(_read("templates.json")).items())


def _shipped(key: str, entry: dict[str, str]) -> Shipped:
    source: dict[str, Any] = {
        "strings": {language: texts[key] for language, texts in _strings().items()}
    }
    if entry["channel"] == "email":
        source |= {"layout": entry["layout"], "body": _read("bodies", f"{entry['body']}.mjml")}
    return Shipped(key, entry["name"], entry["channel"], entry["topic"], entry["purpose"], source)
