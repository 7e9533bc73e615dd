"""The person behind the messages."""

from typing import Any

import graphene

from cavaco_plugin.api import access
from cavaco_plugin.api.paging import page_of, paging_arguments
from cavaco_plugin.api.scalars import MessagingJSON, date_time
from cavaco_plugin.api.types.message import MessageCountableConnection
from cavaco_plugin.outbox import queries as outbox


class MessagingContactPoint(graphene.ObjectType):
    """One way to know or reach the person."""

    kind = graphene.String(required=True, description="user, email or phone.")
    value = graphene.String(required=True, description="The normalised value.")
    verified_at = date_time("When the person proved that it is theirs.")


class MessagingConsent(graphene.ObjectType):
    """What the person last said about one channel and topic."""

    channel = graphene.String(required=True, description="email, sms …")
    topic = graphene.String(required=True, description="What it is about.")
    state = graphene.String(required=True, description="pending, granted or withdrawn.")
    source = graphene.String(required=True, description="Where the person said so.")
    wording = graphene.String(required=True, description="What the person agreed to.")
    occurred_at = date_time("When the person said so.", required=True)

    def resolve_source(self, info: Any) -> str:
        """From the record the state rests on."""
        return self.record.source

    def resolve_wording(self, info: Any) -> str:
        """From the record the state rests on."""
        return self.record.wording


class MessagingProfile(graphene.ObjectType):
    """A person as messaging knows them."""

    class Meta:
        interfaces = (graphene.relay.Node,)

    first_name = graphene.String(required=True, description="Given name, as the shop has it.")
    language = graphene.String(required=True, description="Language tag, or empty.")
    country = graphene.String(required=True, description="ISO 3166 code, or empty.")
    time_zone = graphene.String(required=True, description="IANA name, or empty.")
    time_zone_source = graphene.String(required=True, description="How the zone is known.")
    traits = MessagingJSON(required=True, description="What flows know about the person.")
    paused_until = date_time("The person asked for silence until then.")
    contact_points = graphene.List(
        graphene.NonNull(MessagingContactPoint), required=True, description="How they are known."
    )
    consents = graphene.List(
        graphene.NonNull(MessagingConsent), required=True, description="What they allowed."
    )
    messages = graphene.Field(
        MessageCountableConnection,
        required=True,
        description="What was sent to them and what was not, newest first.",
        **paging_arguments(),
    )

    def resolve_contact_points(self, info: Any) -> list[Any]:
        """At most a handful for one person."""
        return list(self.contact_points.order_by("pk"))

    def resolve_consents(self, info: Any) -> list[Any]:
        """At most channels × topics for one person."""
        return list(self.consent_states.select_related("record").order_by("channel", "topic"))

    def resolve_messages(self, info: Any, **paging: Any) -> Any:
        """With everything a node may be asked for, in a fixed number of queries."""
        rows = outbox.messages(using=access.reads_from(info)).filter(profile_id=self.pk)
        return page_of(MessageCountableConnection, rows, **paging)
