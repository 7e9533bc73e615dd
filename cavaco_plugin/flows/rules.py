"""The rule tree of a condition: all, any, not, and comparisons of facts."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from cavaco_plugin.flows import operators
from cavaco_plugin.flows.facts import KNOWN_FACTS, FactGroup, Facts, kind_of
from cavaco_plugin.flows.run import Run

DEEPEST = 8


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Comparison(_Node):
    """{"fact": "orders.count", "operator": "at_least", "value": 1}"""

    fact: str
    operator: str
    value: Any = None

    @field_validator("fact")
    @classmethod
    def _fact_exists(cls, fact: str) -> str:
        if kind_of(fact) is None:
            names = ", ".join(f"{k.name}…" if k.name.endswith(".") else k.name for k in KNOWN_FACTS)
            raise _refused("unknown_fact", f"There is no fact {fact!r}.", f"Use one of: {names}.")
        return fact

    @model_validator(mode="after")
    def _operator_fits(self) -> Comparison:
        kind = kind_of(self.fact)
        known = operators.OPERATORS[kind.type] if kind else {}
        if self.operator not in known:
            said = f"{self.fact} has no operator {self.operator!r}."
            raise _refused("unknown_operator", said, f"Use one of: {', '.join(known)}.")
        complaint = operators.complaint_about(
            self.value, fact_type=kind.type if kind else "anything", operator=self.operator
        )
        if complaint:
            said = f"{self.fact} {self.operator} {self.value!r} can not be compared."
            raise _refused("bad_value", said, complaint)
        return self


class AllOf(_Node):
    """{"all": [rule, …]}: every one holds."""

    rules: tuple[Rule, ...] = Field(alias="all", min_length=1)


class AnyOf(_Node):
    """{"any": [rule, …]}: at least one holds."""

    rules: tuple[Rule, ...] = Field(alias="any", min_length=1)


class Not(_Node):
    """{"not": rule}: it does not hold."""

    rule: Rule = Field(alias="not")


def _tag(node: object) -> str | None:
    if isinstance(node, BaseModel):
        names: dict[type[BaseModel], str] = {AllOf: "all", AnyOf: "any", Not: "not"}
        return names.get(type(node), "comparison")
    if isinstance(node, dict):
        tag = next((tag for tag in ("all", "any", "not", "fact") if tag in node), None)
        return "comparison" if tag == "fact" else tag
    return None


# A named alias: older pydantic (Saleor 3.21 has 2.11) loses the tags of a plain one that recurs.
Rule = TypeAliasType(
    "Rule",
    Annotated[
        Annotated[AllOf, Tag("all")]
        | Annotated[AnyOf, Tag("any")]
        | Annotated[Not, Tag("not")]
        | Annotated[Comparison, Tag("comparison")],
        Discriminator(
            _tag,
            custom_error_type="unknown_rule",
            custom_error_message="This is no rule.",
            custom_error_context={"remedy": "Use one of: all, any, not, or fact with an operator."},
        ),
    ],
)
for _model in (AllOf, AnyOf, Not):
    _model.model_rebuild()


def holds(rule: Rule, facts: Facts, run: Run, inputs: dict[str, object]) -> bool:
    """Whether the rule holds. Every fact that was looked at is written into `inputs`."""
    if isinstance(rule, Comparison):
        known = _look_up(rule.fact, facts, run)
        inputs[rule.fact] = known
        kind = kind_of(rule.fact)
        return kind is not None and operators.OPERATORS[kind.type][rule.operator](known, rule.value)
    if isinstance(rule, Not):
        return not holds(rule.rule, facts, run, inputs)
    answers = (holds(part, facts, run, inputs) for part in rule.rules)
    return all(answers) if isinstance(rule, AllOf) else any(answers)


def _look_up(fact: str, facts: Facts, run: Run) -> object:
    if fact.startswith("event."):
        return run.event.get(fact.removeprefix("event."))
    return facts.value(fact)


def groups_of(rule: Rule) -> frozenset[FactGroup]:
    """The groups of facts the rule may look at."""
    return frozenset(kind.group for name in facts_of(rule) if (kind := kind_of(name)))


def facts_of(rule: Rule) -> tuple[str, ...]:
    if isinstance(rule, Comparison):
        return (rule.fact,)
    parts = (rule.rule,) if isinstance(rule, Not) else rule.rules
    return tuple(name for part in parts for name in facts_of(part))


def depth_of(rule: Rule) -> int:
    if isinstance(rule, Comparison):
        return 1
    parts = (rule.rule,) if isinstance(rule, Not) else rule.rules
    return 1 + max(depth_of(part) for part in parts)


def sentence_of(rule: Rule) -> str:
    """The rule in words: "orders.count is at least 1 and not (person.country is DE)"."""
    if isinstance(rule, Comparison):
        return " ".join(
            filter(None, (rule.fact, operators.WORDS[rule.operator], _shown(rule.value)))
        )
    if isinstance(rule, Not):
        return f"not ({sentence_of(rule.rule)})"
    joint = " and " if isinstance(rule, AllOf) else " or "
    said = [
        f"({sentence_of(r)})" if isinstance(r, AllOf | AnyOf) else sentence_of(r)
        for r in rule.rules
    ]
    return joint.join(said)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return " or ".join(f"{amount} {currency}" for currency, amount in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _refused(code: str, message: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{said}", {"said": message, "remedy": remedy})
