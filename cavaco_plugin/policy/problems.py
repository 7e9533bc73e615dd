"""From pydantic's errors to sentences that say what to write instead. Pure."""

from collections.abc import Mapping
from typing import Any

from cavaco_plugin.kernel.places import place_of

_EXAMPLES = {
    "time_delta": "write it like P7D",
    "time": "write it like 22:00",
    "string_pattern_mismatch": "write two capital letters, such as DE",
    "tuple": "give a list",
    "frozen_set": "give a list",
    "model": "give an object with a value for each field",
    "dict": "give an object with a value for each field",
}


def sentence(problem: Mapping[str, Any], definition: object) -> str:
    """`field: what to do`, for one error in `definition`."""
    is_missing = problem["type"] == "missing"
    field = place_of(problem["loc"], definition, keeps_last=is_missing)
    if not field:
        return 'policy: is no object; write it like {"caps": []}'
    return f"{field}: {_demand(problem)}"


def _demand(problem: Mapping[str, Any]) -> str:
    kind, context, said = problem["type"], problem.get("ctx", {}), str(problem["msg"])
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        return "there is no such field; check the spelling or take it out"
    if kind == "union_tag_not_found":
        return "does not say its `kind`: 'rolling' or 'calendar'"
    if kind == "literal_error":
        return f"use {context['expected']}"
    if kind == "union_tag_invalid":
        return f"use {' or '.join(context['expected_tags'].split(', '))}"
    if kind == "value_error":
        return said.removeprefix("Value error, ")
    known = next((text for name, text in _EXAMPLES.items() if kind.startswith(name)), "")
    return known or f"{said[:1].lower()}{said[1:]}"
