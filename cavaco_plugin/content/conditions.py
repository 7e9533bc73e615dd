"""The conditions `program.py` understands: truth, blank, equal to a literal, and/or."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from liquid.builtin.expressions import BooleanExpression, Path, StringLiteral
from liquid.builtin.expressions.logical import (
    EqExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Blank
from liquid.expression import Expression

Test: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]


class Unsupported(Exception):
    """The template uses more of Liquid than a program can be built of."""


def read_path(path: Path, loop: str) -> tuple[str, str]:
    """A path as (group, key); the group is "" for a field of the line a loop is at."""
    if len(path.path) != 2 or not all(isinstance(part, str) for part in path.path):
        raise Unsupported
    root, key = str(path.path[0]), str(path.path[1])
    if key in {"size", "first", "last"} or root == "forloop":
        raise Unsupported
    return ("" if loop and root == loop else root), key


def read_test(expression: Expression, loop: str) -> Test:
    """The condition as a function of all values and the line a loop is at."""
    if isinstance(expression, BooleanExpression):
        return read_test(expression.expression, loop)
    if isinstance(expression, LogicalAndExpression):
        left, right = read_test(expression.left, loop), read_test(expression.right, loop)
        return lambda values, line: left(values, line) and right(values, line)
    if isinstance(expression, LogicalOrExpression):
        left, right = read_test(expression.left, loop), read_test(expression.right, loop)
        return lambda values, line: left(values, line) or right(values, line)
    if isinstance(expression, EqExpression | NeExpression) and isinstance(expression.left, Path):
        wanted = isinstance(expression, EqExpression)
        return _compared(read_path(expression.left, loop), expression.right, wanted=wanted)
    raise Unsupported


def _compared(path: tuple[str, str], literal: Expression, *, wanted: bool) -> Test:
    root, key = path
    if isinstance(literal, Blank):

        def is_blank(values: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
            value = values[root][key] if root else line[key]
            if value.__class__ is str:
                return (not value or value.isspace()) is wanted
            return (isinstance(value, list | dict) and not value) is wanted

        return is_blank
    if not isinstance(literal, StringLiteral):
        raise Unsupported
    text = str(literal.value)

    def is_equal(values: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
        return ((values[root][key] if root else line[key]) == text) is wanted

    return is_equal
