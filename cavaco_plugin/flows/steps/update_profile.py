"""Write down something about the person, for later rules and for the shop's staff.

{"id": "mark", "type": "update_profile", "set": {"welcomed": true}, "next": null}
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from cavaco_plugin.flows.effects import UpdateProfile as UpdateProfileEffect
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import Run
from cavaco_plugin.flows.steps.base import GoOn, Outcome, PassingStep

LONGEST_TEXT = 1000


def _value(value: object) -> object:
    is_plain = value is None or isinstance(value, bool | int | float)
    if is_plain or (isinstance(value, str) and len(value) <= LONGEST_TEXT):
        return value
    remedy = f"Give a text of at most {LONGEST_TEXT} characters, a number, true, false or null."
    said = "A trait can not hold this."
    raise PydanticCustomError("bad_value", "{said}", {"said": said, "remedy": remedy})


TraitName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
# One error for a wrong value, and not one for each type it might have been.
TraitValue = Annotated[bool | int | float | str | None, BeforeValidator(_value)]


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
