"""What a mutation answers when it can not do what was asked."""

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

    def __init__(self, *, field: str | None, message: str, code: str) -> None:
        super().__init__(message)
        self.error = MessagingError(field=field, message=message, code=code)
