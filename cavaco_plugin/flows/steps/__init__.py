"""Every step type, one line each. `docs/adding-a-step.md` says how to add one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field

from cavaco_plugin.flows.steps import (
    condition,
    delay,
    exit,  # noqa: A004 - the step's own word
    send_message,
    split,
    update_profile,
    wait_for_event,
)
from cavaco_plugin.flows.steps.base import BaseStep, Resume, Visit


@dataclass(frozen=True, slots=True)
class StepType:
    """The model of a step type, what a visit decides, and how a waiting step goes on."""

    model: type[BaseStep]
    visit: Visit | Any
    resume: Resume | Any = None


STEP_TYPES: dict[str, StepType] = {
    "condition": StepType(condition.Condition, condition.visit),
    "delay": StepType(delay.Delay, delay.visit, delay.resume),
    "exit": StepType(exit.Exit, exit.visit),
    "send_message": StepType(send_message.SendMessage, send_message.visit),
    "split": StepType(split.Split, split.visit),
    "update_profile": StepType(update_profile.UpdateProfile, update_profile.visit),
    "wait_for_event": StepType(
        wait_for_event.WaitForEvent, wait_for_event.visit, wait_for_event.resume
    ),
}

if TYPE_CHECKING:
    AnyStep = BaseStep
else:
    AnyStep = Annotated[
        Union[tuple(step_type.model for step_type in STEP_TYPES.values())],  # noqa: UP007
        Field(discriminator="type"),
    ]
