"""From pydantic's errors to findings an author understands."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from cavaco_plugin.flows.finding import Finding
from cavaco_plugin.kernel.places import place_of

_WRONG_TYPES = ("_type", "_parsing", "_from_float", "_attributes")
_OUT_OF_RANGE = ("greater_than", "less_than", "too_long", "too_short")


def findings_of(error: ValidationError, document: object) -> tuple[Finding, ...]:
    """Every error of a refused document, one finding each, in the order of the document."""
    errors = error.errors(include_url=False)
    return tuple(_finding(details, document) for details in errors if not _is_echo(details))


def _is_echo(details: Mapping[str, Any]) -> bool:
    """Pydantic also calls a list too short when its entries were refused one by one."""
    context = details.get("ctx", {})
    return details["type"] == "too_short" and len(details["input"]) >= context["min_length"]


def _finding(details: Mapping[str, Any], document: object) -> Finding:
    kind, context = details["type"], details.get("ctx", {})
    path = place_of(details["loc"], document, keeps_last=kind == "missing")
    field = path.rsplit(".", 1)[-1] or "flow"
    code, message, remedy = _words(kind, context, field, details)
    return Finding(path=path, code=code, message=message, remedy=remedy)


def _words(
    kind: str, context: Mapping[str, Any], field: str, details: Mapping[str, Any]
) -> tuple[str, str, str]:
    shown = _shown(details["input"])
    if "remedy" in context:
        return kind, details["msg"], context["remedy"]
    if kind == "missing":
        return "required", f"`{field}` is missing.", f"Add `{field}`."
    if kind == "extra_forbidden":
        return (
            "unknown_field",
            f"`{field}` is not known here.",
            "Remove it or correct its spelling.",
        )
    if kind == "union_tag_invalid":
        tags = context["expected_tags"].replace("'", "")
        return "unknown_type", f"{context['tag']!r} is not a known type.", f"Use one of: {tags}."
    if kind == "union_tag_not_found":
        return "required", f"`type` of `{field}` is missing.", "Add `type`."
    if kind in {"literal_error", "enum"}:
        choices = context["expected"].replace("'", "")
        return "unknown_value", f"`{field}` is {shown}.", f"Use {choices}."
    if kind == "string_pattern_mismatch":
        remedy = "Use lower-case letters, digits and underscores, starting with a letter."
        return "bad_name", f"`{field}` is {shown}.", remedy
    return _plain_words(kind, field, shown, details["msg"])


def _plain_words(kind: str, field: str, shown: str, said: str) -> tuple[str, str, str]:
    demand = said[:1].lower() + said[1:]
    if any(word in kind for word in _OUT_OF_RANGE):
        return "out_of_range", f"`{field}` is {shown}.", f"Correct it: {demand}."
    if kind.endswith(_WRONG_TYPES):
        return "wrong_type", f"`{field}` is {shown}.", f"Correct it: {demand}."
    return kind, f"`{field}` is {shown}.", f"Correct it: {demand}."


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
