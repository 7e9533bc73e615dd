"""A flow as its author writes it: JSON, schema 1.

{
  "schema": 1, "name": "Abandoned cart", "topic": "abandoned_cart", "purpose": "marketing",
  "trigger": {"type": "checkout_abandoned", "quiet_for": "PT60M"},
  "goal": {"event": "order_placed"},
  "exits": [{"event": "checkout_emptied"}],
  "reentry": {"mode": "after", "local_days": 7, "anchor": "entry"},
  "start": "first",
  "steps": [{"id": "first", "type": "send_message", …}, …]
}
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from cavaco_plugin.flows.definition_errors import findings_of
from cavaco_plugin.flows.facts import FactGroup
from cavaco_plugin.flows.finding import Finding, FlowRefused
from cavaco_plugin.flows.reentry import Reentry
from cavaco_plugin.flows.steps import AnyStep
from cavaco_plugin.flows.steps.base import BaseStep, StepId
from cavaco_plugin.flows.triggers import AnyTrigger
from cavaco_plugin.kernel.hashing import fingerprint
from cavaco_plugin.kernel.storable import fault_in
from cavaco_plugin.store.changes import ChangeKind

SCHEMA = 1
MOST_STEPS = 200


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Goal(_Part):
    """What the flow is for. It ends a run at once, in the middle of a wait too."""

    event: ChangeKind


class Exit(_Part):
    """What makes a run pointless. `same_subject`: only for the run's own checkout or order."""

    event: ChangeKind
    same_subject: bool = True


class FlowDefinition(_Part):
    """One version of a flow."""

    schema_version: Literal[1] = Field(alias="schema")
    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    description: Annotated[str, StringConstraints(max_length=2000)] = ""
    # What people subscribe to and unsubscribe from.
    topic: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,63})?$")] = ""
    purpose: Literal["marketing", "transactional"] = "marketing"
    trigger: AnyTrigger
    goal: Goal | None = None
    exits: tuple[Exit, ...] = ()
    reentry: Reentry | None = None
    start: StepId
    steps: tuple[AnyStep, ...] = Field(min_length=1, max_length=MOST_STEPS)

    @cached_property
    def by_id(self) -> dict[str, BaseStep]:
        return {step.id: step for step in self.steps}

    @cached_property
    def needs(self) -> frozenset[FactGroup]:
        """The groups of facts that any step may look at."""
        return frozenset().union(*(step.needs() for step in self.steps))

    @cached_property
    def reentry_policy(self) -> Reentry:
        return self.reentry or self.trigger.default_reentry

    @property
    def is_voided_by_purchase(self) -> bool:
        """Whether a purchase makes the flow's messages untrue."""
        is_abandonment = self.trigger.listens_to == ChangeKind.CHECKOUT_ACTIVITY
        return is_abandonment or (
            self.goal is not None and self.goal.event == ChangeKind.ORDER_PLACED
        )


def read(document: object) -> FlowDefinition | tuple[Finding, ...]:
    """The definition in `document`, or everything that keeps it from being one."""
    if not isinstance(document, Mapping):
        said = "A flow is a JSON object."
        return (Finding("", "wrong_type", said, 'Start it with {"schema": 1, …}.'),)
    if fault := fault_in(document):
        return (Finding(fault.dotted, fault.code, fault.message, fault.remedy),)
    if "schema" in document and document["schema"] != SCHEMA:
        said = f"Schema {document['schema']!r} is not known."
        return (Finding("schema", "unknown_schema", said, f"Use schema {SCHEMA}."),)
    try:
        return FlowDefinition.model_validate(document)
    except ValidationError as error:
        return findings_of(error, document)


def parse(document: object) -> FlowDefinition:
    """The definition in `document`.

    Raises:
        FlowRefused: with one finding for each mistake.
    """
    answer = read(document)
    if isinstance(answer, FlowDefinition):
        return answer
    raise FlowRefused(answer)


def document_of(definition: FlowDefinition) -> dict[str, Any]:
    """The definition as JSON values; `parse` gives the same definition back."""
    return definition.model_dump(mode="json", by_alias=True)


def checksum(definition: FlowDefinition) -> str:
    """Equal for definitions that say the same, however they are written."""
    return fingerprint(json.dumps(document_of(definition), sort_keys=True))


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a flow, for editors."""
    return FlowDefinition.model_json_schema(by_alias=True)
