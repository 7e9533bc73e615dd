"""Arguments as the tables can take them; what they can not is said before it is asked."""

from datetime import datetime

from cavaco_plugin.kernel.storable import is_storable
from graphql import GraphQLError


def text(value: str, *, argument: str) -> str:
    """The text, if a row could hold it.

    Raises:
        GraphQLError: it holds a NUL or half a character.
    """
    if is_storable(value):
        return value
    raise GraphQLError(f"`{argument}` holds a NUL or half a character; take it out.")


def instant(value: datetime, *, argument: str) -> datetime:
    """The time, if it says in which zone.

    Raises:
        GraphQLError: it does not.
    """
    if value.tzinfo is not None:
        return value
    raise GraphQLError(
        f"`{argument}` names no time zone; write it such as {value:%Y-%m-%dT%H:%M:%S}Z."
    )
