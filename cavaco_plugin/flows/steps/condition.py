"""Branch by a rule over the facts.

{"id": "by_sms", "type": "condition", "then": "sms", "else": "later",
 "rule": {"fact": "reachable.sms", "operator": "is", "value": true}}
"""

from datetime import datetime
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cavaco_plugin.flows import rules
from cavaco_plugin.flows.facts import FactGroup, Facts
from cavaco_plugin.flows.run import Run
from cavaco_plugin.flows.steps.base import BaseStep, GoOn, Outcome, StepId, Target


class Condition(BaseStep):
    """Go `then` where the rule holds, `else` where it does not."""

    type: Literal["condition"]
    rule: rules.Rule
    then: StepId | None = None
    otherwise: StepId | None = Field(default=None, alias="else")

    @model_validator(mode="after")
    def _not_too_deep(self) -> "Condition":
        if rules.depth_of(self.rule) > rules.DEEPEST:
            raise PydanticCustomError(
                "rule_too_deep",
                "The rule is nested too deep.",
                {"remedy": "Split it over two conditions."},
            )
        return self

    def targets(self) -> tuple[Target, ...]:
        return (("then", self.then), ("else", self.otherwise))

    def needs(self) -> frozenset[FactGroup]:
        return rules.groups_of(self.rule)

    def sentence(self) -> str:
        return f"If {rules.sentence_of(self.rule)}."


def visit(step: Condition, run: Run, facts: Facts, now: datetime) -> Outcome:
    """Decide the rule; the path keeps every fact that was looked at."""
    inputs: dict[str, object] = {}
    answer = rules.holds(step.rule, facts, run, inputs)
    target = step.then if answer else step.otherwise
    return GoOn(target, "yes" if answer else "no", {"facts": inputs})
