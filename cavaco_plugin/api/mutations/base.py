"""What every mutation of ours shares: the permission, the clock, and errors as values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import graphene
from django.utils import timezone

from cavaco_plugin.api import access
from cavaco_plugin.api.errors import MessagingError, Refused
from cavaco_plugin.api.ids import key_of
from cavaco_plugin.kernel.database import writing
from graphql import GraphQLError


class MessagingMutation(graphene.Mutation):
    """A mutation for staff and apps who may manage messaging."""

    class Meta:
        abstract = True

    errors = graphene.List(
        graphene.NonNull(MessagingError), required=True, description="What is wrong with the input."
    )

    @classmethod
    def mutate(cls, root: Any, info: Any, **given: Any) -> Any:
        """Check the permission, perform, and turn a refusal into `errors`."""
        access.need(info, access.MANAGE_MESSAGING)
        # An argument that is null is one that was not given.
        said = {name: value for name, value in given.items() if value is not None}
        try:
            with writing():
                return cls(errors=[], **cls.perform(now=timezone.now(), **said))
        except Refused as refusal:
            return cls(errors=refusal.errors)

    @classmethod
    def perform(cls, *, now: datetime, **given: Any) -> dict[str, Any]:
        """Do it and return the payload's fields.

        Raises:
            Refused: the input can not be accepted.
        """
        raise NotImplementedError(cls.__name__)


def key_in(given: Mapping[str, Any], argument: str, *, type_name: str) -> int:
    """The primary key in a global id that a mutation was given.

    Raises:
        Refused: the id is malformed or names another type.
    """
    try:
        return key_of(given[argument], type_name=type_name, argument=argument)
    except GraphQLError as error:
        raise Refused(field=argument, message=str(error), code="graphql_error") from None
