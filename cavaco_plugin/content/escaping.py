"""HTML escaping for the loop in which every message is rendered."""

from __future__ import annotations

from collections.abc import Callable
from html import escape as _html_escape

from liquid.stringify import to_liquid_string


def _portable(text: str) -> str:
    return _html_escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


try:
    # The C function below markupsafe.escape, without the wrapping object that costs six times as much.
    from markupsafe._speedups import _escape_inner as _escape_text
except ImportError:  # another release, or no C extension: the same text, slower
    _escape_text: Callable[[str], str] = _portable  # type: ignore[no-redef]


def html_text(value: object) -> str:
    """`value` as Liquid prints it, escaped."""
    if value.__class__ is str:
        return _escape_text(value)
    if value.__class__ is int:
        return str(value)
    return str(to_liquid_string(value, autoescape=True))


def plain(value: object) -> str:
    """`value` as Liquid prints it."""
    return value if value.__class__ is str else to_liquid_string(value, autoescape=False)
