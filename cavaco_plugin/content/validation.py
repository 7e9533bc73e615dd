"""Reads a piece of Liquid strictly: what cannot be rendered for everybody is refused here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from liquid import BoundTemplate, Environment
from liquid.builtin.expressions import StringLiteral
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.content.liquid_language import FILTERS, OURS, TAGS
from cavaco_plugin.content.references import References, check_references
from cavaco_plugin.content.shield import without_remarks


def parse(text: str, *, environment: Environment, field: str) -> BoundTemplate:
    """The parsed template, or TemplateInvalid with the line and the reason."""
    try:
        return environment.from_string(text)
    except LiquidError as error:
        context = error.context()
        where = f" (line {context[0]}: {context[3].strip()[:80]})" if context else ""
        raise TemplateInvalid(
            field=field,
            code="liquid_syntax",
            message=f"The Liquid cannot be read: {error.message}{where}.",
            remedy=f"Tags are: {', '.join(sorted(TAGS - {'#'}))}; each block needs its end tag.",
        ) from error


def validate(text: str, *, environment: Environment, field: str) -> set[str]:
    """Check the Liquid of one field; returns the groups of variables it needs."""
    if re.search(r"\{%-?\s*raw\b", text):
        raise TemplateInvalid(
            field=field,
            code="liquid_syntax",
            message="The tag 'raw' is not known here.",
            remedy="Take it out: braces that are no Liquid can stand as they are.",
        )
    template = parse(without_remarks(text), environment=environment, field=field)
    known = FILTERS | set(OURS)
    for name in sorted(set(template.analyze().filters) - known):
        near = ", ".join(get_close_matches(name, sorted(known), n=3) or sorted(known))
        raise TemplateInvalid(
            field=field,
            code="unknown_filter",
            message=f"There is no filter '{name}'.",
            remedy=f"Use one of: {near}.",
        )
    references = References(template)
    check_references(references, field=field)
    if environment.autoescape:
        _refuse_markup(references, field=field)
    return references.groups()


def _refuse_markup(references: References, *, field: str) -> None:
    """Text in quotes inside Liquid is taken for HTML by the engine, past every check of the HTML."""
    for node in references.nodes:
        for literal in _literals(node.expressions()):
            if re.search(r"[<>\"]", literal):
                raise TemplateInvalid(
                    field=field,
                    code="html_in_liquid",
                    message=f"The text '{literal}' stands in quotes inside Liquid and contains HTML.",
                    remedy="Put the HTML outside the {{ }}, with a condition around it where needed.",
                )


def _literals(expressions: Iterable[Expression]) -> Iterator[str]:
    for expression in expressions:
        if isinstance(expression, StringLiteral):
            yield str(expression.value)
        yield from _literals(expression.children())
