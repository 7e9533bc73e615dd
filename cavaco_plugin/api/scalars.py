"""The scalars our types use. A home whose schema has its own of the same name puts it here.

Two different classes of one name can not live in one schema, and Saleor has its own `DateTime`:
the plugin home replaces it before the types are imported.
"""

from typing import Any

import graphene
from graphene.types.generic import GenericScalar

scalars: dict[str, Any] = {"DateTime": graphene.DateTime}


class MessagingJSON(GenericScalar):
    """Any JSON value: a flow's definition, a decision's inputs."""


def date_time(description: str, *, required: bool = False) -> graphene.Field:
    """A field that holds an instant, ISO 8601 with its offset."""
    return graphene.Field(scalars["DateTime"], description=description, required=required)
