"""What a variable may do where it stands: the escaping that HTML's own does not give.

HTML escaping keeps a value inside its text or attribute. It does not make a link harmless
(``javascript:``) nor a style (``;``), so outputs in these places get a filter of ours, and places
in which nothing is safe are refused.
"""

from __future__ import annotations

import re

from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.content.shield import PLACEHOLDER, Place

LINKS = {"href", "src", "background", "action", "poster", "cite", "xlink:href", "data", "srcset"}
COLOURS = {"bgcolor", "color", "fillcolor", "strokecolor"}
_COLOUR_FILTERS = ("colour", "text_on", "on_dark")
_SAFE_BEGINNING = re.compile(r"\s*(?:https?://|mailto:|tel:)", re.IGNORECASE)


class Placement:
    """Brings pieces of Liquid back into HTML, each made safe for its place."""

    def __init__(self, *, field: str, pieces: list[str]) -> None:
        self.field = field
        self.pieces = pieces

    def bring(self, piece: str, place: Place) -> str:
        if place.element == "script" or place.attribute.startswith("on"):
            raise self._refuse(piece, "script_variable", "stands in a script", "Take it out.")
        if not piece.startswith("{{"):
            return piece
        if place.attribute in LINKS:
            return self._link(piece, place)
        if place.attribute in COLOURS | {"style"} or (
            place.element == "style" and not place.in_tag
        ):
            return self._style(piece)
        return piece

    def _link(self, piece: str, place: Place) -> str:
        literal = PLACEHOLDER.sub("", place.before)
        if not literal:
            return _with_filter(piece, "address_part" if self._continues(place) else "url")
        if _SAFE_BEGINNING.match(literal) or self._begins_with_output(place):
            return _with_filter(piece, "address_part")
        remedy = "Begin the link with https://, mailto: or a variable that is a link."
        raise self._refuse(
            piece, "unsafe_link", f"stands in a link that begins with '{literal}'", remedy
        )

    def _continues(self, place: Place) -> bool:
        """Whether an output stands directly before this one in the same value."""
        last = re.search(r"qzlq(\d+)qz(?:-->)?$", place.before)
        return last is not None and self.pieces[int(last[1])].startswith("{{")

    def _begins_with_output(self, place: Place) -> bool:
        first = PLACEHOLDER.match(place.before)
        return first is not None and self.pieces[int(first[1] or first[2])].startswith("{{")

    def _style(self, piece: str) -> str:
        inner = piece.strip("{}-").strip()
        if inner.split("|")[-1].strip() in _COLOUR_FILTERS:
            return piece
        if inner == "shop.colour":
            return _with_filter(piece, "colour")
        remedy = "Only colours may vary in a style: use shop.colour, or end with '| colour'."
        raise self._refuse(piece, "style_variable", "stands in a style", remedy)

    def _refuse(self, piece: str, code: str, what: str, remedy: str) -> TemplateInvalid:
        return TemplateInvalid(
            field=self.field, code=code, message=f"{piece} {what}.", remedy=remedy
        )


def _with_filter(piece: str, name: str) -> str:
    inner = piece[2:-2].strip("-").strip()
    return f"{{{{ {inner} | {name} }}}}"
