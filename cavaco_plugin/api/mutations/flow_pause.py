"""`flowPause`: let nobody in, and hold the messages of those inside."""

from datetime import datetime
from typing import Any

import graphene

from cavaco_plugin.api.errors import Refused
from cavaco_plugin.api.mutations.base import MessagingMutation, key_in
from cavaco_plugin.api.types.flow import Flow
from cavaco_plugin.flows import operations
from cavaco_plugin.flows.operations import UnknownFlow


class FlowPause(MessagingMutation):
    """Let nobody into a flow until it is activated again; its waiting messages are held.

    Requires one of the following permissions: MANAGE_MESSAGING.
    """

    class Arguments:
        id = graphene.ID(required=True, description="The flow's global id.")

    flow = graphene.Field(Flow, description="The paused flow.")

    @classmethod
    def perform(cls, *, now: datetime, **given: Any) -> dict[str, Any]:
        """Pausing a paused flow changes nothing."""
        try:
            flow_id = key_in(given, "id", type_name="Flow")
            return {"flow": operations.pause(flow_id=flow_id, now=now)}
        except UnknownFlow as error:
            raise Refused(field="id", message=str(error), code="not_found") from None
