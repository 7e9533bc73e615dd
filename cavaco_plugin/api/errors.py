"""What a mutation answers when it can not do what was asked."""

from collections.abc import Sequence

import graphene


class MessagingErrorCode(graphene.Enum):
    """Stable codes of mutation errors; the message may change, the code does not."""

    GRAPHQL_ERROR = "graphql_error"
    INVALID = "invalid"
    NOT_FOUND = "not_found"
    REQUIRED = "required"
    UNIQUE = "unique"


class MessagingError(graphene.ObjectType):
    """One thing that is wrong with the input."""

    field = graphene.String(description="The input field the error belongs to, or null.")
    message = graphene.String(description="What is wrong and how to put it right.")
    code = MessagingErrorCode(description="The error code.", required=True)


class Refused(Exception):
    """The mutation's input can not be accepted."""

    def __init__(self, *, field: str | None, message: str | Sequence[str], code: str) -> None:
        """Several messages are several errors of the same field."""
        messages = [message] if isinstance(message, str) else message
        super().__init__(" ".join(messages))
        self.code = code
        self.errors = [MessagingError(field=field, message=said, code=code) for said in messages]
