"""From assembled MJML to the HTML that only Liquid still has to run over."""

from __future__ import annotations

import re

import css_inline
from mjml import mjml2html

from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.content.placement import Placement
from cavaco_plugin.content.shield import shield, unshield
from cavaco_plugin.content.structure import check_nesting, check_structure

_INLINED_STYLE = re.compile(r"<style[^>]*>\s*/\* inline \*/.*?</style>", re.DOTALL)
_OPEN_STYLE = re.compile(r"<style([^>]*)>(?!\s*/\* inline \*/)")
_ACTIVE = re.compile(
    r"<(script|iframe|object|embed|form|input|base|applet|frame|link)\b"
    r"|\son[a-z]+\s*=|(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data|vbscript):"
    r"|<meta[^>]+http-equiv=[\"']?refresh",
    re.IGNORECASE,
)
_VOID = re.compile(r"<(br|hr|img|input|wbr)\b([^<>]*?)\s*/?>", re.IGNORECASE)
_INLINER = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def to_html(mjml: str, *, field: str) -> str:
    """The HTML of one language, with its Liquid made safe for the places it stands in."""
    shielded, pieces = shield(mjml, field=field)
    html = _inlined(_converted(_VOID.sub(r"<\1\2/>", shielded), field=field))
    _refuse_active(html, field=field)
    check_structure(html, pieces, field=field)
    # Plain ASCII survives every mail gateway, and Python joins it several times faster than wide text.
    ascii_html = html.encode("ascii", "xmlcharrefreplace").decode("ascii")
    placement = Placement(field=field, pieces=pieces)
    return re.sub(r"\s*\n\s*", "\n", unshield(ascii_html, pieces, placement.bring))


def _converted(mjml: str, *, field: str) -> str:
    check_nesting(mjml, field=field)
    try:
        html = mjml2html(mjml)
    except ValueError as error:
        raise TemplateInvalid(
            field=field,
            code="mjml",
            message=f"The MJML cannot be read: {error}.",
            remedy="Close every element, and keep columns in sections and content in columns.",
        ) from error
    left_over = re.search(r"<(mj-[\w-]+|mjml)", html)
    if left_over:
        raise TemplateInvalid(
            field=field,
            code="unknown_mjml",
            message=f"MJML knows no <{left_over[1]}> in this place.",
            remedy="Check its spelling, and that it stands where MJML allows it.",
        )
    return html


def _inlined(html: str) -> str:
    """Only the style meant for it goes into the elements: the rest is for the screens that read styles."""
    kept = _OPEN_STYLE.sub(r'<style\1 data-css-inline="ignore">', html)
    inlined = _INLINER.inline(kept).replace(' data-css-inline="ignore"', "")
    return _INLINED_STYLE.sub("", inlined)


def _refuse_active(html: str, *, field: str) -> None:
    active = _ACTIVE.search(html)
    if active:
        raise TemplateInvalid(
            field=field,
            code="active_content",
            message=f"'{active[0].strip()}' is not allowed in an e-mail.",
            remedy="Take it out: mail programs drop scripts, forms and frames, and filters punish them.",
        )
