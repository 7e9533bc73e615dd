"""The Liquid that templates are written in: which tags and filters there are, and how far they may go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from liquid import Environment, FalsyStrictUndefined

from cavaco_plugin.content.colour import on_dark, safe_colour, text_on

TAGS = frozenset({"if", "unless", "case", "for", "break", "continue", "assign", "comment", "#"})
FILTERS = frozenset(
    {
        "append",
        "capitalize",
        "default",
        "downcase",
        "first",
        "join",
        "last",
        "minus",
        "plus",
        "prepend",
    }
    | {"size", "strip", "times", "truncate", "truncatewords", "upcase"}
)

_SAFE_URL = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x20\"'<>`\\]*", re.IGNORECASE)

_BREAKS_A_LINK = re.compile(r"[\s\x00-\x20\"'<>`\\]|^[\w+.-]*:")


def url(value: object) -> str:
    """`value` when it is a link a browser may follow (http, https, mailto, tel), else nothing."""
    text = str(value).strip() if value is not None else ""
    return text if _SAFE_URL.fullmatch(text) else ""


def address_part(value: object) -> str:
    """`value` inside a link that the template itself begins; nothing that could end or change it."""
    text = str(value).strip() if value is not None else ""
    return "" if _BREAKS_A_LINK.search(text) else text


OURS: Mapping[str, Callable[[Any], str]] = {
    "url": url,
    "address_part": address_part,
    "colour": safe_colour,
    "text_on": text_on,
    "on_dark": on_dark,
}


class TemplateEnvironment(Environment):
    """Liquid without files, without unbounded work and without blanks for what is not defined."""

    block_nesting_limit = 10
    context_depth_limit = 12
    loop_iteration_limit = 2_000
    local_namespace_limit = 64_000
    output_stream_limit = 1_000_000
    # A block of spaces is what its author wrote; the plain-text part needs it.
    suppress_blank_control_flow_blocks = False


def _environment(*, autoescape: bool) -> TemplateEnvironment:
    environment = TemplateEnvironment(undefined=FalsyStrictUndefined, autoescape=autoescape)
    inner = {"illegal", "content", "output"}
    for name in set(environment.tags) - TAGS:
        if not name.startswith("liquid-") and name not in inner:
            del environment.tags[name]
    for name in set(environment.filters) - FILTERS:
        del environment.filters[name]
    for name, function in OURS.items():
        environment.add_filter(name, function)
    return environment


HTML = _environment(autoescape=True)
TEXT = _environment(autoescape=False)
