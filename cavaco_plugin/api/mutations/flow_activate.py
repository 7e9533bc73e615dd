"""`flowActivate`: switch on a flow of the shop's, or one that ships with Cavaco."""

from datetime import datetime
from typing import Any

import graphene

from cavaco_plugin.api.errors import Refused
from cavaco_plugin.api.mutations.base import MessagingMutation, key_in
from cavaco_plugin.api.types.flow import Flow
from cavaco_plugin.flows import operations
from cavaco_plugin.flows.operations import FlowRefused, UnknownFlow


class FlowActivate(MessagingMutation):
    """Let people enter a flow from now on. Activating an active flow changes nothing.

    Requires one of the following permissions: MANAGE_MESSAGING.
    """

    class Arguments:
        id = graphene.ID(description="A flow of the shop's.")
        template = graphene.String(description="The key of a flow template.")

    flow = graphene.Field(Flow, description="The flow that takes people in now.")

    @classmethod
    def perform(cls, *, now: datetime, **given: Any) -> dict[str, Any]:
        """By exactly one of id and template."""
        if len(given) != 1:
            raise Refused(field=None, message="Give either `id` or `template`.", code="required")
        try:
            if "template" in given:
                return {"flow": operations.activate_template(key=given["template"], now=now)}
            flow_id = key_in(given, "id", type_name="Flow")
            return {"flow": operations.activate(flow_id=flow_id, now=now)}
        except UnknownFlow as error:
            raise Refused(field=next(iter(given)), message=str(error), code="not_found") from None
        except FlowRefused as error:
            said = [str(finding) for finding in error.findings]
            raise Refused(field=next(iter(given)), message=said, code="invalid") from None
