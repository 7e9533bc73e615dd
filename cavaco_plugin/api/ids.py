"""Global ids: the type and the key in one opaque text."""

import base64
import binascii

from graphql_relay import from_global_id

from graphql import GraphQLError

LARGEST_KEY = 2**63 - 1


def key_of(global_id: str, *, type_name: str, argument: str = "id") -> int:
    """The primary key in `global_id`.

    Raises:
        GraphQLError: the id is malformed or names another type.
    """
    try:
        found, key = from_global_id(global_id)
        if base64.b64decode(global_id) and found == type_name:
            number = int(key)
            if 0 < number <= LARGEST_KEY:
                return number
            found = "something else"
    except (ValueError, UnicodeError, binascii.Error):
        found = "something else"
    raise GraphQLError(
        f"`{argument}` must be the id of a {type_name}, not of {found or 'nothing'}."
    )
