"""`messages` and `message`."""

from typing import Any

import graphene

from cavaco_plugin.api import access
from cavaco_plugin.api.ids import key_of
from cavaco_plugin.api.paging import page_of, paging_arguments
from cavaco_plugin.api.scalars import scalars
from cavaco_plugin.api.types.message import Message, MessageCountableConnection, MessageStateEnum
from cavaco_plugin.api.values import instant, text
from cavaco_plugin.outbox import queries

NEEDS = "\n\nRequires one of the following permissions: MANAGE_MESSAGING."


class MessageFilterInput(graphene.InputObjectType):
    """Which messages to list; all given conditions hold together."""

    states = graphene.List(graphene.NonNull(MessageStateEnum), description="Any of these states.")
    reasons = graphene.List(graphene.NonNull(graphene.String), description="Any of these reasons.")
    channel = graphene.String(description="email, sms …")
    flow = graphene.ID(description="Messages of this flow.")
    profile = graphene.ID(description="Messages to this person.")
    created_after = graphene.Field(scalars["DateTime"], description="Intended at or after.")
    created_before = graphene.Field(scalars["DateTime"], description="Intended before.")


class MessageQueries(graphene.ObjectType):
    """What staff ask about messages."""

    messages = graphene.Field(
        MessageCountableConnection,
        required=True,
        description=f"List of messages, sent or not, newest first.{NEEDS}",
        filter=MessageFilterInput(description="Which messages to list."),
        **paging_arguments(),
    )
    message = graphene.Field(
        Message,
        description=f"Look up a message and everything that was decided about it.{NEEDS}",
        id=graphene.ID(required=True, description="The message's global id."),
    )

    def resolve_messages(self, info: Any, filter: Any = None, **paging: Any) -> Any:
        """A page of messages with their decisions, attempts and events."""
        access.need(info, access.MANAGE_MESSAGING)
        rows = queries.messages(using=access.reads_from(info), **_conditions(filter or {}))
        return page_of(MessageCountableConnection, rows, **paging)

    def resolve_message(self, info: Any, id: str) -> Any:
        """One message, or null."""
        access.need(info, access.MANAGE_MESSAGING)
        rows = queries.messages(using=access.reads_from(info))
        return rows.filter(pk=key_of(id, type_name="Message")).first()


def _conditions(given: dict[str, Any]) -> dict[str, Any]:
    """The filter in the outbox's words: ids instead of global ids, and nothing a query would fail at."""
    conditions = {name: value for name, value in given.items() if value is not None}
    for name, type_name in (("flow", "Flow"), ("profile", "MessagingProfile")):
        if name in conditions:
            global_id = conditions.pop(name)
            conditions[f"{name}_id"] = key_of(global_id, type_name=type_name, argument=name)
    for name, argument in (("created_after", "createdAfter"), ("created_before", "createdBefore")):
        if name in conditions:
            instant(conditions[name], argument=argument)
    for name in ("channel", "reasons"):
        for value in conditions.get(name, ()):
            text(value, argument=name)
    return conditions
