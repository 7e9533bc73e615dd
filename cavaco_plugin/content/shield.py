"""Hides Liquid from HTML parsers, which move what they do not know, and brings it back.

A block tag between elements becomes a comment (the one thing a parser leaves where it is, inside a table
too); everything else becomes a word. Afterwards each tag comes back with the escaping its new place needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cavaco_plugin.content.errors import TemplateInvalid

LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
PLACEHOLDER = re.compile(r"<!--qzlq(\d+)qz-->|qzlq(\d+)qz")
_REMARK = re.compile(
    r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{%-?\s*#.*?%\}|<!--(?!\[if|<!\[endif|qzlq).*?-->",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"(?P<liquid>\{\{.*?\}\}|\{%.*?%\}|<!--qzlq\d+qz-->|qzlq\d+qz)"
    r"|<(?P<close>/?)(?P<open>[a-zA-Z][\w:-]*)|(?P<name>[\w:@-]+)\s*=\s*(?=[\"'])|(?P<quote>[\"'])|(?P<end>/?>)",
    re.DOTALL,
)
WORDS_ONLY_IN = {"mj-title", "mj-preview", "mj-style", "title", "style", "script"}


@dataclass(slots=True)
class Place:
    """Where a piece of Liquid stands: in the text of an element, or in a value of an attribute."""

    start: int
    end: int
    element: str = ""
    attribute: str = ""
    in_tag: bool = False
    before: str = ""


def places(text: str) -> Iterator[Place]:
    """Every piece of Liquid or placeholder in `text`, with the place it stands in."""
    element, attribute, quote, value_start, in_tag = "", "", "", 0, False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "liquid":
            before = text[value_start : match.start()] if quote else ""
            yield Place(match.start(), match.end(), element, attribute, in_tag, before)
        elif kind == "open" and not quote:
            in_tag, attribute = True, ""
            element = "" if match["close"] else match["open"].lower()
        elif kind == "name" and in_tag and not quote:
            attribute = match["name"].lower()
        elif kind == "quote" and in_tag:
            if not quote:
                quote, value_start = match["quote"], match.end()
            elif quote == match["quote"]:
                quote, attribute = "", ""
        elif kind == "end" and not quote:
            in_tag = False


def without_remarks(text: str) -> str:
    """`text` without comments, Liquid's and HTML's (Outlook's conditional ones stay)."""
    return _REMARK.sub("", text)


def shield(text: str, *, field: str) -> tuple[str, list[str]]:
    """`text` with every piece of Liquid replaced by a placeholder, and the pieces."""
    if "qzlq" in text:
        raise TemplateInvalid(
            field=field,
            code="reserved_text",
            message="The text contains 'qzlq', which the compiler needs for itself.",
            remedy="Write it differently.",
        )
    parts: list[str] = []
    pieces: list[str] = []
    position = 0
    for place in places(text):
        piece = text[place.start : place.end]
        if place.in_tag and not place.attribute:
            raise _in_tag(piece, field=field)
        word = f"qzlq{len(pieces)}qz"
        as_word = place.in_tag or place.element in WORDS_ONLY_IN or piece.startswith("{{")
        parts += [text[position : place.start], word if as_word else f"<!--{word}-->"]
        pieces.append(piece)
        position = place.end
    return "".join([*parts, text[position:]]), pieces


def _in_tag(piece: str, *, field: str) -> TemplateInvalid:
    return TemplateInvalid(
        field=field,
        code="liquid_in_tag",
        message=f"{piece} stands inside an HTML tag but not inside the quotes of an attribute.",
        remedy="Put it between the quotes of an attribute, or around the whole element.",
    )


def unshield(text: str, pieces: list[str], bring: Callable[[str, Place], str] | None = None) -> str:
    """`text` with the pieces back in place; `bring` may change a piece for the place it lands in."""
    if bring is None:
        return PLACEHOLDER.sub(lambda match: pieces[int(match[1] or match[2])], text)
    parts, position = [], 0
    for place in places(text):
        match = PLACEHOLDER.fullmatch(text[place.start : place.end])
        if match is None:
            continue
        parts += [text[position : place.start], bring(pieces[int(match[1] or match[2])], place)]
        position = place.end
    return "".join([*parts, text[position:]])
