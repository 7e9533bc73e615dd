"""Messages, and why each was or was not sent."""

from typing import Any

import graphene

from cavaco_plugin.api.paging import CountableConnection
from cavaco_plugin.api.scalars import MessagingJSON, date_time
from cavaco_plugin.api.types.flow import Flow
from cavaco_plugin.outbox.delivery_state import MessageState

MessageStateEnum = graphene.Enum(
    "MessageState", [(state.name, state.value) for state in MessageState]
)


class MessageDecision(graphene.ObjectType):
    """What the gate said of a message, by which rule and on which facts."""

    stage = graphene.String(required=True, description="`admission` or `claim`.")
    verdict = graphene.String(required=True, description="`allow`, `hold` or `drop`.")
    rule = graphene.String(required=True, description="The rule that decided.")
    reason = graphene.String(required=True, description="The reason's code.")
    hold_until = date_time("Until when a held message waits.")
    inputs = MessagingJSON(required=True, description="The facts the rule looked at.")
    decided_at = date_time("When it was decided.", required=True)


class MessageAttempt(graphene.ObjectType):
    """One call to a provider, and what came of it."""

    number = graphene.Int(required=True, description="Counts up from 1.")
    provider = graphene.String(required=True, description="Who was called.")
    outcome = graphene.String(required=True, description="What the provider said.")
    code = graphene.String(required=True, description="The provider's code, if any.")
    detail = graphene.String(required=True, description="The provider's words, if any.")
    started_at = date_time("When the call began.", required=True)
    ended_at = date_time("When the answer came, or the waiting ended.", required=True)


class MessageDeliveryEvent(graphene.ObjectType):
    """Something a provider reported about a message."""

    kind = graphene.String(required=True, description="delivered, bounced, clicked …")
    is_machine = graphene.Boolean(required=True, description="A scanner's or proxy's doing.")
    occurred_at = date_time("When it happened.", required=True)


class MessagePrice(graphene.ObjectType):
    """What a message cost."""

    amount = graphene.Float(required=True, description="The amount.")
    currency = graphene.String(required=True, description="ISO 4217 code.")


class Message(graphene.ObjectType):
    """One intended send on one channel, sent or not."""

    class Meta:
        interfaces = (graphene.relay.Node,)

    public_id = graphene.String(required=True, description="The id in links and headers.")
    channel = graphene.String(required=True, description="email, sms …")
    purpose = graphene.String(required=True, description="marketing or transactional.")
    topic = graphene.String(required=True, description="What the person's consent is about.")
    template = graphene.String(required=True, description="The template's key.")
    state = MessageStateEnum(required=True, description="Where it is on its way.")
    reason = graphene.String(required=True, description="Why it was not sent; empty otherwise.")
    address = graphene.String(required=True, description="Where it goes to.")
    language = graphene.String(required=True, description="The language it was written in.")
    step_id = graphene.String(required=True, description="The step of the flow it comes from.")
    flow = graphene.Field(Flow, description="The flow it comes from.")
    provider = graphene.String(required=True, description="Who sent it.")
    parts = graphene.Int(description="SMS segments.")
    price = graphene.Field(MessagePrice, description="What it cost, where the price is known.")
    is_test = graphene.Boolean(required=True, description="Sent to try it out; counted nowhere.")
    due_at = date_time("Not to be sent before.", required=True)
    expires_at = date_time("Not to be sent after.")
    created_at = date_time("When it was intended.", required=True)
    sent_at = date_time("When the provider accepted it.")
    delivered_at = date_time("When the provider reported it delivered.")
    decisions = graphene.List(
        graphene.NonNull(MessageDecision), required=True, description="Every decision about it."
    )
    attempts = graphene.List(
        graphene.NonNull(MessageAttempt), required=True, description="Every call to a provider."
    )
    events = graphene.List(
        graphene.NonNull(MessageDeliveryEvent), required=True, description="What came back."
    )

    def resolve_template(self, info: Any) -> str:
        """The key, which outlives the version."""
        return self.template_key

    def resolve_price(self, info: Any) -> MessagePrice | None:
        """None until the provider or our table names a price."""
        if self.price is None:
            return None
        return MessagePrice(amount=float(self.price), currency=self.price_currency)

    def resolve_decisions(self, info: Any) -> list[Any]:
        """Prefetched with the page."""
        return sorted(self.decisions.all(), key=lambda row: row.pk)

    def resolve_attempts(self, info: Any) -> list[Any]:
        """Prefetched with the page."""
        return sorted(self.attempt_rows.all(), key=lambda row: row.number)

    def resolve_events(self, info: Any) -> list[Any]:
        """Prefetched with the page."""
        return sorted(self.delivery_events.all(), key=lambda row: row.pk)


class MessageCountableConnection(CountableConnection):
    """A page of messages."""

    class Meta:
        node = Message
