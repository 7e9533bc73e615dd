"""Which variables a Liquid template names, and whether each of them exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from liquid import BoundTemplate
from liquid.ast import Node
from liquid.builtin.expressions import BooleanExpression, Path
from liquid.builtin.expressions.logical import LogicalAndExpression, LogicalOrExpression
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.expression import Expression

from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.content.variables import LINE, SCHEMA, Variable, known_paths

_KNOWN = known_paths()
_OF_A_LIST = {"first", "last"}


def all_nodes(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node of a syntax tree, parents first."""
    for node in nodes:
        yield node
        yield from all_nodes(node.children(None, include_partials=False))  # type: ignore[arg-type]


class References:
    """The variables of one parsed template, with loop variables traced back to their lists."""

    def __init__(self, template: BoundTemplate) -> None:
        self.nodes = list(all_nodes(template.nodes))
        self.assigned = {str(node.name) for node in self.nodes if isinstance(node, AssignNode)}
        self.lists: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ForNode):
                self.lists[str(node.expression.identifier)] = str(node.expression.iterable)
        self.paths = [
            self.resolve(use.segments)
            for uses in template.analyze().variables.values()
            for use in uses
            if str(use.segments[0]) not in self.assigned | {"forloop"}
        ]

    def resolve(self, segments: Iterable[Any]) -> str:
        """`segments` from the top: ``line.name`` becomes ``cart.lines.name``, an index is left out."""
        first, *rest = list(segments)
        parts = [*str(self.lists.get(str(first), first)).split("."), *rest]
        return ".".join(str(part) for part in parts if not _is_position(part))

    def groups(self) -> set[str]:
        """The groups a rendering needs."""
        return {path.split(".")[0] for path in self.paths} & set(SCHEMA)


def _is_position(part: object) -> bool:
    return isinstance(part, int) or part in _OF_A_LIST


def find(path: str) -> Variable | None:
    """The declaration of a resolved path."""
    group, _, rest = path.partition(".")
    name, _, column = rest.partition(".")
    return LINE.get(column) if column else SCHEMA.get(group, {}).get(name)


def check_references(references: References, *, field: str) -> None:
    """Refuse a template that names what does not exist, or tests what is always true."""
    for path in references.paths:
        if path.removesuffix(".size") not in _KNOWN:
            raise _unknown(path, field=field)
    for node in references.nodes:
        _check_output(node, references, field=field)
        for expression in node.expressions():
            for tested in _tested(expression):
                _check_test(tested, references, field=field)


def _unknown(path: str, *, field: str) -> TemplateInvalid:
    near = get_close_matches(path, sorted(_KNOWN), n=3, cutoff=0.5)
    known = ", ".join(near) if near else ", ".join(sorted(SCHEMA))
    return TemplateInvalid(
        field=field,
        code="unknown_variable",
        message=f"There is no variable '{path}'.",
        remedy=f"Near names: {known}." if near else f"Variables begin with: {known}.",
    )


def _check_output(node: Node, references: References, *, field: str) -> None:
    if not isinstance(node, OutputNode):
        return
    left = getattr(node.expression, "left", None)
    if not isinstance(left, Path) or getattr(node.expression, "filters", None):
        return
    path = references.resolve(left.path)
    if path.endswith(".lines"):
        raise TemplateInvalid(
            field=field,
            code="list_as_text",
            message=f"'{left}' is a list (or a whole line) and cannot be printed.",
            remedy="Loop over it and print the fields of a line, such as line.name.",
        )


def _tested(expression: Expression | None) -> Iterator[Path]:
    """The paths a condition tests for bare truth."""
    if isinstance(expression, BooleanExpression):
        expression = expression.expression
        if isinstance(expression, Path):
            yield expression
    if isinstance(expression, LogicalAndExpression | LogicalOrExpression):
        for side in (expression.left, expression.right):
            if isinstance(side, Path):
                yield side
            else:
                yield from _tested(side)


def _check_test(path: Path, references: References, *, field: str) -> None:
    if str(path.path[0]) in references.assigned | {"forloop"}:
        return
    raise TemplateInvalid(
        field=field,
        code="always_true",
        message=f"The condition '{path}' is always true: in Liquid an empty text or list is true.",
        remedy=f"Write '{path} != blank'.",
    )
