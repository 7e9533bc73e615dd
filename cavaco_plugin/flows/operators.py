"""How a fact is compared: which operators a type of fact has, and what each answers."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from cavaco_plugin.flows.facts import FactType

Test = Callable[[Any, Any], bool]


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _is(known: object, value: object) -> bool:
    numbers = _number(known), _number(value)
    if None not in numbers:
        return numbers[0] == numbers[1]
    if isinstance(known, str) and isinstance(value, str):
        return known.casefold() == value.casefold()
    return known == value and isinstance(known, bool) == isinstance(value, bool)


def _speaks(known: object, value: object) -> bool:
    """Whether language tag `known` is `value` or a regional form of it: de-AT is de."""
    tag = str(known or "").replace("_", "-").casefold()
    wanted = str(value).replace("_", "-").casefold()
    return tag == wanted or tag.startswith(f"{wanted}-")


def _ordered(compare: Callable[[Decimal, Decimal], bool]) -> Test:
    def test(known: object, value: object) -> bool:
        left, right = _number(known), _number(value)
        return left is not None and right is not None and compare(left, right)

    return test


def _amounts(compare: Callable[[Decimal, Decimal], bool]) -> Test:
    """True where it holds in at least one currency; an amount in no currency named is not compared."""
    ordered = _ordered(compare)

    def test(known: object, value: Mapping[str, object]) -> bool:
        amounts = known if isinstance(known, Mapping) else {}
        return any(ordered(amounts.get(currency), sum_) for currency, sum_ in value.items())

    return test


def _one_of(same: Test) -> Test:
    return lambda known, values: any(same(known, value) for value in values)


def _not(test: Test) -> Test:
    return lambda known, value: not test(known, value)


_ORDER: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "at_least": lambda left, right: left >= right,
    "at_most": lambda left, right: left <= right,
    "more_than": lambda left, right: left > right,
    "less_than": lambda left, right: left < right,
}
_KNOWN: dict[str, Test] = {
    "is_known": lambda known, _: known not in (None, ""),
    "is_unknown": lambda known, _: known in (None, ""),
}


def _equality(same: Test) -> dict[str, Test]:
    return {
        "is": same,
        "is_not": _not(same),
        "one_of": _one_of(same),
        "none_of": _not(_one_of(same)),
    }


_NUMBER = {"is": _is, "is_not": _not(_is)} | {name: _ordered(f) for name, f in _ORDER.items()}

OPERATORS: dict[FactType, dict[str, Test]] = {
    "text": _equality(_is) | _KNOWN,
    "language": _equality(_speaks) | _KNOWN,
    "number": _NUMBER,
    "boolean": {"is": _is},
    "money": {name: _amounts(f) for name, f in _ORDER.items()},
    "anything": _equality(_is) | _NUMBER | _KNOWN,
}

WORDS = {
    "is": "is",
    "is_not": "is not",
    "one_of": "is one of",
    "none_of": "is none of",
    "at_least": "is at least",
    "at_most": "is at most",
    "more_than": "is more than",
    "less_than": "is less than",
    "is_known": "is known",
    "is_unknown": "is not known",
}


def complaint_about(value: object, *, fact_type: FactType, operator: str) -> str:
    """What is wrong with comparing to `value`; "" where nothing is."""
    if operator in _KNOWN:
        return "" if value is None else f"`{operator}` takes no value."
    if operator in {"one_of", "none_of"}:
        is_list = isinstance(value, list | tuple) and len(value) > 0
        return "" if is_list else f"`{operator}` needs a list of values."
    if fact_type == "money":
        return "" if _is_money(value) else 'An amount is written {"EUR": "50.00"}.'
    if fact_type == "boolean":
        return "" if isinstance(value, bool) else "The value must be true or false."
    if operator in _ORDER or fact_type == "number":
        return "" if _number(value) is not None else "The value must be a number."
    is_scalar = isinstance(value, str | int | float | bool)
    return "" if is_scalar else "The value must be a text, a number, true or false."


def _is_money(value: object) -> bool:
    return (
        isinstance(value, Mapping)
        and len(value) > 0
        and all(len(str(code)) == 3 and str(code).isupper() for code in value)
        and all(_number(amount) is not None for amount in value.values())
    )
