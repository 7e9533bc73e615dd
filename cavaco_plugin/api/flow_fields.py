"""`flows`, `flow` and `flowTemplates`."""

from typing import Any

import graphene

from cavaco_plugin.api import access
from cavaco_plugin.api.ids import key_of
from cavaco_plugin.api.paging import page_of, paging_arguments
from cavaco_plugin.api.types.flow import Flow, FlowCountableConnection, FlowStatus, FlowTemplate
from cavaco_plugin.api.values import text
from cavaco_plugin.flows import library, queries
from graphql import GraphQLError

NEEDS = "\n\nRequires one of the following permissions: MANAGE_MESSAGING."


class FlowQueries(graphene.ObjectType):
    """What staff ask about flows."""

    flows = graphene.Field(
        FlowCountableConnection,
        required=True,
        description=f"List of the shop's flows, newest first.{NEEDS}",
        status=FlowStatus(description="Only flows in this status."),
        **paging_arguments(),
    )
    flow = graphene.Field(
        Flow,
        description=f"Look up a flow by exactly one of id or key.{NEEDS}",
        id=graphene.ID(description="The flow's global id."),
        key=graphene.String(description="The flow's key."),
    )
    flow_templates = graphene.List(
        graphene.NonNull(FlowTemplate),
        required=True,
        description=f"The flows that ship with Cavaco, each ready to switch on.{NEEDS}",
    )

    def resolve_flows(self, info: Any, status: str | None = None, **paging: Any) -> Any:
        """A page of flows with their active versions."""
        access.need(info, access.MANAGE_MESSAGING)
        rows = queries.flows(using=access.reads_from(info))
        if status:
            rows = rows.filter(status=status)
        return page_of(FlowCountableConnection, rows, **paging)

    def resolve_flow(self, info: Any, id: str | None = None, key: str | None = None) -> Any:
        """One flow, or null."""
        access.need(info, access.MANAGE_MESSAGING)
        if (id is None) == (key is None):
            raise GraphQLError("Give exactly one of `id`, `key`.")
        rows = queries.flows(using=access.reads_from(info))
        if id is not None:
            return rows.filter(pk=key_of(id, type_name="Flow")).first()
        return rows.filter(key=text(key or "", argument="key")).first()

    def resolve_flow_templates(self, info: Any) -> list[FlowTemplate]:
        """The library, each with the shop's flow made from it."""
        access.need(info, access.MANAGE_MESSAGING)
        flows = {flow.template_key: flow for flow in queries.flows(using=access.reads_from(info))}
        return [
            FlowTemplate(
                key=entry.key,
                name=entry.name,
                description=entry.description,
                definition=entry.definition,
                flow=flows.get(entry.key),
            )
            for entry in library.entries()
        ]
