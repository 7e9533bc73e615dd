"""Send people different ways by weight; the same person always goes the same way.

{"id": "ab", "type": "split", "branches": [
  {"name": "a", "weight": 50, "next": "short"}, {"name": "b", "weight": 50, "next": "long"}]}
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import Run
from cavaco_plugin.flows.steps.base import BaseStep, GoOn, Outcome, StepId, Stop, Target
from cavaco_plugin.kernel.hashing import BUCKETS, stable_bucket


class Branch(BaseModel):
    """One way out. Weights are shares of their sum; they need not add up to 100."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: StepId
    weight: Annotated[int, Field(ge=0, le=10_000)]
    next: StepId | None = None


class Split(BaseStep):
    """Go one of several ways by a stable hash of the person."""

    type: Literal["split"]
    branches: tuple[Branch, ...] = Field(min_length=2, max_length=20)
    # Two splits with the same salt send a person the same way; the default is the flow and step.
    salt: str = Field(default="", max_length=64)

    def targets(self) -> tuple[Target, ...]:
        return tuple((f"branches[{i}].next", b.next) for i, b in enumerate(self.branches))

    def sentence(self) -> str:
        total = sum(branch.weight for branch in self.branches) or 1
        shares = (f"{branch.name} {100 * branch.weight / total:.3g} %" for branch in self.branches)
        return f"Split: {', '.join(shares)}."


def visit(step: Split, run: Run, facts: Facts, now: datetime) -> Outcome:
    """The branch whose share of the buckets the person falls into."""
    total = sum(branch.weight for branch in step.branches)
    if not total:
        return Stop("weights_zero", "no_branch", {"text": "Every branch has weight 0."})
    bucket = stable_bucket(salt=step.salt or f"{run.flow_key}:{step.id}", value=facts.person_key)
    reached = 0
    for branch in step.branches:
        reached += branch.weight
        if bucket * total < reached * BUCKETS:
            return GoOn(branch.next, branch.name, {"bucket": bucket, "of": BUCKETS})
    raise AssertionError("the shares cover every bucket")
