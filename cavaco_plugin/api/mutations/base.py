"""What every mutation of ours shares: the permission, the clock, and errors as values."""

from datetime import datetime
from typing import Any

import graphene
from django.utils import timezone

from cavaco_plugin.api import access
from cavaco_plugin.api.errors import MessagingError, Refused
from cavaco_plugin.kernel.database import writing


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
        try:
            with writing():
                return cls(errors=[], **cls.perform(now=timezone.now(), **given))
        except Refused as refusal:
            return cls(errors=[refusal.error])

    @classmethod
    def perform(cls, *, now: datetime, **given: Any) -> dict[str, Any]:
        """Do it and return the payload's fields.

        Raises:
            Refused: the input can not be accepted.
        """
        raise NotImplementedError(cls.__name__)
