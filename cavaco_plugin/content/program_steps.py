"""The small functions a program is made of. Each takes all values, the line a loop is at, and where to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Values: TypeAlias = Mapping[str, Any]
Step: TypeAlias = Callable[[Values, Values, list[str]], None]
Finish: TypeAlias = Callable[[Any], str]


def constant(text: str) -> Step:
    return lambda values, line, out: out.append(text)


def in_order(steps: list[Step]) -> Step:
    if len(steps) == 1:
        return steps[0]

    def block(values: Values, line: Values, out: list[str]) -> None:
        for step in steps:
            step(values, line, out)

    return block


def one(root: str, key: str, before: str, after: str, finish: Finish) -> Step:
    def step(values: Values, line: Values, out: list[str]) -> None:
        value = values[root][key] if root else line[key]
        out += (before, finish(value), after)

    return step


def several(
    root: str,
    read: Callable[[Any], tuple[Any, ...]],
    frame: list[str],
    plain: Finish | None,
    finishes: list[Finish],
) -> Step:
    def step(values: Values, line: Values, out: list[str]) -> None:
        found = read(values[root] if root else line)
        parts = frame.copy()
        if plain is not None:
            parts[1::2] = map(plain, found)
        else:
            parts[1::2] = [finish(value) for finish, value in zip(finishes, found, strict=True)]
        out += parts

    return step
