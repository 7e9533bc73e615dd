"""Liquid as plain Python calls: what most templates need, several times faster than walking the tree.

Python-liquid parses and validates; this module turns the parsed tree into a list of constant texts and
small functions. It knows printed variables (with filters that take no arguments), `if` and `unless` on
simple tests, and one level of `for` over lines. `build` returns None for a tree with anything else in it,
and python-liquid itself renders that. The limits need no counting here: one loop over the lines that were
handed in is all the repetition there is. A test holds both ways to the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode

from cavaco_plugin.content.conditions import Test, Unsupported, read_path, read_test
from cavaco_plugin.content.program_steps import (
    Finish,
    Step,
    Values,
    constant,
    in_order,
    one,
    several,
)

Printed: TypeAlias = tuple[str, str, "Finish | None"]


class Builder:
    """Builds the steps of one template."""

    def __init__(self, *, escape: Finish, filters: Mapping[str, Callable[[Any], Any]]) -> None:
        self.escape = escape
        self.filters = filters

    def block(self, nodes: Sequence[Node], loop: str) -> Step:
        steps: list[Step] = []
        run: list[str | Printed] = []
        for node in nodes:
            if isinstance(node, ContentNode):
                run.append(node.text)
            elif isinstance(node, OutputNode):
                run.append(self.printed(node, loop))
            else:
                steps += self.runs(run)
                run = []
                steps.append(self.control(node, loop))
        return in_order([*steps, *self.runs(run)])

    def printed(self, node: OutputNode, loop: str) -> Printed:
        expression = node.expression
        if not isinstance(expression, FilteredExpression) or not isinstance(expression.left, Path):
            raise Unsupported
        root, key = read_path(expression.left, loop)
        names = [item.name for item in expression.filters or () if not item.args]
        if len(names) != len(expression.filters or ()) or any(
            name not in self.filters for name in names
        ):
            raise Unsupported
        return root, key, self.finish([self.filters[name] for name in names])

    def finish(self, functions: list[Callable[[Any], Any]]) -> Finish | None:
        if not functions:
            return None
        escape = self.escape
        if len(functions) == 1:
            only = functions[0]
            return lambda value: escape(only(value))

        def chain(value: Any) -> str:
            for function in functions:
                value = function(value)
            return escape(value)

        return chain

    def runs(self, items: list[str | Printed]) -> list[Step]:
        """Neighbouring texts and variables of one group, read together."""
        steps: list[Step] = []
        texts = [""]
        printed: list[Printed] = []
        for item in items:
            if isinstance(item, str):
                texts[-1] += item
                continue
            if printed and printed[-1][0] != item[0]:
                steps.append(self.run(texts, printed))
                texts, printed = [""], []
            printed.append(item)
            texts.append("")
        if printed:
            steps.append(self.run(texts, printed))
        elif texts[0]:
            steps.append(constant(texts[0]))
        return steps

    def run(self, texts: list[str], printed: list[Printed]) -> Step:
        root = printed[0][0]
        frame = [part for text in texts for part in (text, "")][:-1]
        keys = [key for _, key, _ in printed]
        finishes = [finish or self.escape for _, _, finish in printed]
        if len(keys) == 1:
            return one(root, keys[0], texts[0], texts[1], finishes[0])
        plain = self.escape if all(finish is None for _, _, finish in printed) else None
        return several(root, itemgetter(*keys), frame, plain, finishes)

    def control(self, node: Node, loop: str) -> Step:
        if isinstance(node, ForNode):
            return self.loop(node, loop)
        if isinstance(node, IfNode | UnlessNode):
            return self.choice(node, loop)
        raise Unsupported

    def loop(self, node: ForNode, loop: str) -> Step:
        expression = node.expression
        extras = (
            expression.limit,
            expression.offset,
            expression.cols,
            expression.reversed,
            node.default,
        )
        if loop or any(extras) or not isinstance(expression.iterable, Path):
            raise Unsupported
        root, key = read_path(expression.iterable, "")
        body = self.block(node.block.nodes, str(expression.identifier))

        def step(values: Values, _: Values, out: list[str]) -> None:
            for line in values[root][key]:
                body(values, line, out)

        return step

    def choice(self, node: IfNode | UnlessNode, loop: str) -> Step:
        first = read_test(node.condition, loop)
        if isinstance(node, UnlessNode):
            first = _opposite(first)
        branches = [(first, self.block(node.consequence.nodes, loop))]
        for other in node.alternatives:
            branches.append(
                (read_test(other.expression, loop), self.block(other.block.nodes, loop))
            )
        default = self.block(node.default.nodes, loop) if node.default else None

        def step(values: Values, line: Values, out: list[str]) -> None:
            for test, block in branches:
                if test(values, line):
                    return block(values, line, out)
            return default(values, line, out) if default else None

        return step


def build(
    nodes: Sequence[Node], *, escape: Finish, filters: Mapping[str, Callable[[Any], Any]]
) -> Callable[[Values], str] | None:
    """A function that renders `nodes`, or None when they use more of Liquid than this module knows."""
    try:
        step = Builder(escape=escape, filters=filters).block(nodes, "")
    except Unsupported:
        return None

    def render(values: Values) -> str:
        out: list[str] = []
        step(values, values, out)
        return "".join(out)

    return render


def _opposite(test: Test) -> Test:
    return lambda values, line: not test(values, line)
