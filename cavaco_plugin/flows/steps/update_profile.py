"""Write down something about the person, for later rules and for the shop's staff.

{"id": "mark", "type": "update_profile", "set": {"welcomed": true}, "next": null}
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cavaco_plugin.flows.effects import UpdateProfile as UpdateProfileEffect
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import Run
from cavaco_plugin.flows.steps.base import GoOn, Outcome, PassingStep

TraitName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
TraitValue = bool | int | float | Annotated[str, StringConstraints(max_length=1000)] | None


class UpdateProfile(PassingStep):
    """Set traits; null takes a trait away."""

    type: Literal["update_profile"]
    traits: dict[TraitName, TraitValue] = Field(alias="set", min_length=1, max_length=50)

    def sentence(self) -> str:
        said = ", ".join(f"{name} to {value}" for name, value in self.traits.items())
        return f"Set {said}."


def visit(step: UpdateProfile, run: Run, facts: Facts, now: datetime) -> Outcome:
    """Set the traits and go on."""
    effect = UpdateProfileEffect(traits=step.traits)
    return GoOn(step.next, "set", {"traits": dict(step.traits)}, effects=(effect,))
