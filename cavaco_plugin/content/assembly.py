"""Puts a template together: layout around body, blocks into it, strings of one language into both.

``[[> lines of=cart]]`` inserts a block, with ``[[of]]`` standing for ``cart`` inside it; ``[[headline]]``
inserts a string. Strings are inline HTML in the text and plain text in an attribute.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from difflib import get_close_matches

import nh3

from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.content.kit import Kit
from cavaco_plugin.content.shield import LIQUID, WORDS_ONLY_IN, shield, unshield

_BLOCK = re.compile(r"\[\[>\s*(\w+)((?:\s+\w+=\w+)*)\s*\]\]")
_STRING = re.compile(r"\[\[\s*(\w+)\s*\]\]")
_SPOT = re.compile(
    r"\[\[\s*(?P<name>\w+)\s*\]\]|\{\{.*?\}\}|\{%.*?%\}|<(?P<close>/?)(?P<open>[a-zA-Z][\w:-]*)|(?P<end>>)",
    re.DOTALL,
)
INLINE = {"a", "b", "br", "em", "i", "small", "span", "strong", "u"}
_DEEPEST_BLOCK = 4


def assemble(*, kit: Kit, layout: str, body: str, strings: Mapping[str, str], language: str) -> str:
    """The whole MJML of one language, Liquid still in it."""
    if layout not in kit.layouts:
        raise TemplateInvalid(
            field="layout",
            code="unknown_layout",
            message=f"There is no layout '{layout}'.",
            remedy=f"Choose one of: {', '.join(sorted(kit.layouts))}.",
        )
    text = kit.layouts[layout].replace("[[> body]]", body)
    text = _with_blocks(text, kit, depth=0)
    return _with_strings(text, {**kit.phrases_for(language), **strings}, language=language)


def _with_blocks(text: str, kit: Kit, *, depth: int) -> str:
    def block(match: re.Match[str]) -> str:
        name, arguments = match[1], dict(pair.split("=") for pair in match[2].split())
        if name not in kit.blocks or depth >= _DEEPEST_BLOCK:
            raise TemplateInvalid(
                field="body",
                code="unknown_block",
                message=f"There is no block '{name}'.",
                remedy=f"Choose one of: {', '.join(sorted(kit.blocks))}.",
            )
        inner = kit.blocks[name]
        for argument, value in arguments.items():
            inner = inner.replace(f"[[{argument}]]", value)
        return _with_blocks(inner, kit, depth=depth + 1)

    return _BLOCK.sub(block, text)


def _with_strings(text: str, strings: Mapping[str, str], *, language: str) -> str:
    parts, position, in_tag, element = [], 0, False, ""
    for match in _SPOT.finditer(text):
        if match["open"]:
            in_tag, element = True, "" if match["close"] else match["open"]
        elif match["end"]:
            in_tag = False
        elif match["name"]:
            string = _string(match["name"], strings, language=language)
            plain = in_tag or element in WORDS_ONLY_IN
            field = f"strings.{language}.{match['name']}"
            parts += [
                text[position : match.start()],
                escaped(string) if plain else inline(string, field=field),
            ]
            position = match.end()
    return "".join([*parts, text[position:]])


def _string(name: str, strings: Mapping[str, str], *, language: str) -> str:
    if name in strings:
        return strings[name]
    near = get_close_matches(name, sorted(strings), n=3)
    raise TemplateInvalid(
        field=f"strings.{language}.{name}",
        code="missing_string",
        message=f"The body uses [[{name}]], which has no text in '{language}'.",
        remedy=f"Add it, or use one of: {', '.join(near or sorted(strings))}.",
    )


def escaped(text: str) -> str:
    """Plain text with Liquid in it, as HTML; the Liquid stays."""
    parts, position = [], 0
    for match in LIQUID.finditer(text):
        parts += [html.escape(text[position : match.start()]), match[0]]
        position = match.end()
    return "".join([*parts, html.escape(text[position:])])


def inline(text: str, *, field: str) -> str:
    """Inline HTML that an author wrote, cleaned to the few elements a sentence needs."""
    shielded, pieces = shield(text, field=field)
    forbidden = {name.lower() for name in re.findall(r"<\s*([a-zA-Z][\w-]*)", shielded)} - INLINE
    if forbidden:
        raise TemplateInvalid(
            field=field,
            code="forbidden_html",
            message=f"<{sorted(forbidden)[0]}> is not allowed in a text.",
            remedy=f"Use only: {', '.join(sorted(INLINE))}; put larger things into the body.",
        )
    words = re.sub(r"<!--(qzlq\d+qz)-->", r"\1", shielded)
    clean = nh3.clean(
        words,
        tags=INLINE,
        attributes={"a": {"href", "title"}, "span": {"lang"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    return unshield(clean.replace("<br>", "<br/>"), pieces)
