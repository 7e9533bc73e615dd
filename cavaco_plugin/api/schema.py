"""Our queries and mutations as mixins: the plugin home adds them to the shop's own schema."""

import graphene

from cavaco_plugin.api.flow_fields import FlowQueries
from cavaco_plugin.api.message_fields import MessageQueries
from cavaco_plugin.api.mutations.flow_activate import FlowActivate
from cavaco_plugin.api.mutations.flow_pause import FlowPause
from cavaco_plugin.api.profile_fields import ProfileQueries


class MessagingQueries(FlowQueries, MessageQueries, ProfileQueries):
    """Every query of ours."""


class MessagingMutations(graphene.ObjectType):
    """Every mutation of ours."""

    flow_activate = FlowActivate.Field()
    flow_pause = FlowPause.Field()


def build_schema() -> graphene.Schema:
    """The schema of the app home: ours and nothing else."""

    class Query(MessagingQueries):
        """The entry points for reading."""

    class Mutation(MessagingMutations):
        """The entry points for writing."""

    return graphene.Schema(query=Query, mutation=Mutation)
