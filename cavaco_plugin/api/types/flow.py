"""Flows, their versions and the templates they start from."""

from typing import Any

import graphene

from cavaco_plugin.api import access
from cavaco_plugin.api.paging import CountableConnection
from cavaco_plugin.api.scalars import MessagingJSON, date_time
from cavaco_plugin.flows import models, queries


class FlowStatus(graphene.Enum):
    """Whether a flow takes people in."""

    DRAFT = models.Flow.Status.DRAFT.value
    ACTIVE = models.Flow.Status.ACTIVE.value
    PAUSED = models.Flow.Status.PAUSED.value


class FlowVersion(graphene.ObjectType):
    """One immutable version of a flow."""

    class Meta:
        interfaces = (graphene.relay.Node,)

    number = graphene.Int(required=True, description="Counts up from 1.")
    definition = MessagingJSON(required=True, description="The flow as JSON, schema 1.")
    published_at = date_time("When this version was published.", required=True)


class FlowCounts(graphene.ObjectType):
    """How many people are where in a flow."""

    live = graphene.Int(required=True, description="People in the flow now.")
    entered = graphene.Int(required=True, description="People who ever entered.")
    goal = graphene.Int(required=True, description="Runs that ended because the goal was reached.")


class Flow(graphene.ObjectType):
    """A drip flow: a trigger and the steps that follow from it."""

    class Meta:
        interfaces = (graphene.relay.Node,)

    key = graphene.String(required=True, description="The flow's stable name.")
    name = graphene.String(required=True, description="What merchants call it.")
    status = FlowStatus(required=True, description="Whether the flow takes people in.")
    active_version = graphene.Field(FlowVersion, description="The version people enter on.")
    counts = graphene.Field(FlowCounts, required=True, description="How many people are where.")
    activated_at = date_time("Nothing that happened before this moment triggers the flow.")
    created_at = date_time("When the flow was created.", required=True)

    def resolve_counts(self, info: Any) -> FlowCounts:
        """One query a page: the counts of the page's flows come together."""
        return FlowCounts(**queries.counts_of(flow=self, using=access.reads_from(info)))


class FlowCountableConnection(CountableConnection):
    """A page of flows."""

    class Meta:
        node = Flow


class FlowTemplate(graphene.ObjectType):
    """A flow that ships with Cavaco, ready to switch on."""

    key = graphene.String(required=True, description="Pass it to `flowActivate(template:)`.")
    name = graphene.String(required=True, description="What it is called.")
    description = graphene.String(required=True, description="What it does, in a sentence.")
    definition = MessagingJSON(required=True, description="The flow as JSON, schema 1.")
    flow = graphene.Field(Flow, description="The shop's flow made from it, once activated.")
