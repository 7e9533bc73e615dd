"""The plain-text part, made once from the same MJML, its loops and conditions still working."""

from __future__ import annotations

import html
import re

from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement

from cavaco_plugin.content.shield import shield, unshield

_CSS = {
    **STRICT_CSS_PROFILE,
    "section": HtmlElement(display=Display.block, margin_before=1, margin_after=1),
}
_CONFIG = ParserConfig(css=_CSS)
_HEAD = re.compile(r"<mj-head>.*?</mj-head>", re.DOTALL)
_IMAGE = re.compile(
    r"<(?:img|mj-image|mj-divider|mj-spacer)\b[^<>]*/?>(?:</mj-(?:image|divider|spacer)>)?"
)
_NOT_FOR_TEXT = re.compile(r"<(mj-\w+|tr|p|span)\b[^<>]*\bno-text\b[^<>]*>.*?</\1>", re.DOTALL)
_LINK = re.compile(
    r"<(?P<tag>a|mj-button)\b(?P<attributes>[^<>]*)>(?P<label>.*?)</(?P=tag)>", re.DOTALL
)
_PARAGRAPHS = re.compile(r"<(/?)(?:mj-text|mj-table|mj-section|tr|p|h[1-6])\b[^<>]*>")
_BOXES = re.compile(r"<(/?)div\b[^<>]*>")
_CELLS = re.compile(r"</?(?:table|tbody|thead|tfoot|td|th)\b[^<>]*>")
_OTHER_MJML = re.compile(r"</?mj[\w-]*\b[^<>]*>")
_LEADING_BLOCK_TAGS = re.compile(r"^[ \t]*((?:\{%[^{}]*%\}[ \t]*)+)\n*", re.MULTILINE)

_EMPTY_BLOCK = re.compile(
    r"\{% (if|unless|for)\b[^{}]*%\}\s*(?:\{% else %\}\s*)?\{% end\1 %\}[ \t]*"
)


def to_text(mjml: str, *, field: str) -> str:
    """The Liquid source of the plain-text part."""
    spoken = _NOT_FOR_TEXT.sub(
        lambda match: "<br/>" if match[1] == "span" else "", _HEAD.sub("", mjml)
    )
    shielded, pieces = shield(spoken, field=field)
    page = re.sub(r"<!--(qzlq\d+qz)-->", r"\1", shielded)
    page = _LINK.sub(lambda match: _as_words(match, pieces), _IMAGE.sub("", page))
    page = _PARAGRAPHS.sub(r"<\1section>", page)
    page = re.sub(r">\s*\n\s*<", "><", _OTHER_MJML.sub("", page))
    page = _BOXES.sub(lambda match: "<br/>" if match[1] else "", _CELLS.sub(" ", page))
    text = unshield(get_text(f"<body>{page}</body>", _CONFIG), pieces)
    return _tidied("\n".join(line.strip() for line in text.splitlines()))


def _tidied(text: str) -> str:
    """Without blocks that print nothing, and without the blank lines that block tags leave behind."""
    shorter = _EMPTY_BLOCK.sub("", text)
    while shorter != text:
        text, shorter = shorter, _EMPTY_BLOCK.sub("", shorter)
    text = _LEADING_BLOCK_TAGS.sub(lambda match: re.sub(r"%\}[ \t]+", "%}", match[1]), text)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _as_words(match: re.Match[str], pieces: list[str]) -> str:
    """A link as a reader of plain text sees it: its words, then where it leads."""
    href = re.search(r"\bhref\s*=\s*([\"'])(.*?)\1", match["attributes"])
    target = html.unescape(href[2]).removeprefix("mailto:") if href else ""
    label = re.sub(r"<[^<>]*>", "", match["label"]).strip()
    is_plain = not target or "words-only" in match["attributes"]
    is_same = unshield(label, pieces) == unshield(target, pieces)
    words = label if is_plain or is_same else f"{label}: {html.escape(target)}"
    return f"<section>{words}</section>" if match["tag"] == "mj-button" else words
