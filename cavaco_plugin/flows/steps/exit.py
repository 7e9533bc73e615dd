"""Leave the flow here, with a reason.

{"id": "not_for_us", "type": "exit", "reason": "country_not_served"}
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import Run
from cavaco_plugin.flows.steps.base import BaseStep, Outcome, Stop


class Exit(BaseStep):
    """End the run early."""

    type: Literal["exit"]
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]

    def sentence(self) -> str:
        return f"Leave the flow: {self.reason.replace('_', ' ')}."


def visit(step: Exit, run: Run, facts: Facts, now: datetime) -> Outcome:
    """Stop here."""
    return Stop(step.reason, "exit", {"reason": step.reason})
