"""Whether the blocks of Liquid still hold together after the HTML was built around them."""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as lxml_html

from cavaco_plugin.content.errors import TemplateInvalid

_NAME = re.compile(r"\{%-?\s*(\w+)")
_MJML_TAG = re.compile(r"<(/?)(mj[\w-]*)[^<>]*?(/?)>")
_OPENS = {"if", "unless", "case", "for"}
_GOES_ON = {"elsif", "else", "when"}


def check_nesting(mjml: str, *, field: str) -> None:
    """Refuse MJML whose elements cross: its converter takes any end tag for the one it waits for."""
    open_elements: list[str] = []
    for slash, name, empty in _MJML_TAG.findall(mjml):
        if not slash and not empty:
            open_elements.append(name)
        elif slash and (not open_elements or open_elements.pop() != name):
            raise TemplateInvalid(
                field=field,
                code="mjml",
                message=f"</{name}> closes what is not open, or not open last.",
                remedy="Close the elements in the opposite order in which they were opened.",
            )
    if open_elements:
        raise TemplateInvalid(
            field=field,
            code="mjml",
            message=f"<{open_elements[-1]}> is never closed.",
            remedy=f"Close every element: write </{open_elements[-1]}> where it ends.",
        )


def check_structure(shielded: str, pieces: list[str], *, field: str) -> None:
    """Refuse HTML in which the tags of one block stand in different elements.

    A loop that opens in one table cell and closes in another gives broken HTML for every customer.
    """
    stack: list[tuple[str, object]] = []
    for comment in lxml_html.document_fromstring(shielded).iter(etree.Comment):
        found = re.fullmatch(r"qzlq(\d+)qz", (comment.text or "").strip())
        name = _NAME.match(pieces[int(found[1])]) if found else None
        if found is None or name is None:
            continue
        _take(name[1], comment.getparent(), stack, piece=pieces[int(found[1])], field=field)
    if stack:
        raise _torn(f"{{% {stack[-1][0]} %}}", field=field)


def _take(
    name: str, parent: object, stack: list[tuple[str, object]], *, piece: str, field: str
) -> None:
    if name in _OPENS:
        stack.append((name, parent))
    elif name in _GOES_ON or name.startswith("end"):
        if not stack or stack[-1][1] is not parent:
            raise _torn(piece, field=field)
        if name.startswith("end"):
            stack.pop()


def _torn(piece: str, *, field: str) -> TemplateInvalid:
    return TemplateInvalid(
        field=field,
        code="torn_block",
        message=f"The block of {piece} begins and ends in different elements of the HTML.",
        remedy="Open and close it in the same element; around table rows, inside the same <tbody>.",
    )
