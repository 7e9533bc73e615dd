"""`messagingProfile`, and the same person below the shop's own `User`."""

from typing import Any

import graphene

from cavaco_plugin.api import access
from cavaco_plugin.api.errors import Refused
from cavaco_plugin.api.ids import key_of
from cavaco_plugin.api.types.profile import MessagingProfile
from cavaco_plugin.profiles import queries


class ProfileQueries(graphene.ObjectType):
    """What staff ask about a person."""

    messaging_profile = graphene.Field(
        MessagingProfile,
        description=(
            "Look up a person by exactly one of id, e-mail or phone number."
            "\n\nRequires one of the following permissions: MANAGE_MESSAGING, MANAGE_USERS."
        ),
        id=graphene.ID(description="The profile's global id."),
        email=graphene.String(description="An e-mail address of the person."),
        phone=graphene.String(description="A phone number of the person, E.164."),
    )

    def resolve_messaging_profile(self, info: Any, **by: str) -> Any:
        """One person, or null."""
        access.need(info, access.MANAGE_MESSAGING, access.MANAGE_USERS)
        by = {name: value for name, value in by.items() if value is not None}
        if len(by) != 1:
            raise Refused(
                field=None, message="Give exactly one of `id`, `email`, `phone`.", code="required"
            )
        ((kind, value),) = by.items()
        using = access.reads_from(info)
        if kind == "id":
            key = key_of(value, type_name="MessagingProfile")
            return queries.profiles(using=using).filter(pk=key, merged_into=None).first()
        return queries.find(kind=kind, value=value, using=using)


def resolve_user_profile(root: Any, info: Any) -> Any:
    """`User.messagingProfile`: for the customers themselves and for staff who may."""
    user_id = str(getattr(root, "node", root).pk)
    if access.requester(info).user_id != user_id:
        access.need(info, access.MANAGE_MESSAGING, access.MANAGE_USERS)
    return queries.find(kind="user", value=user_id, using=access.reads_from(info))


def user_profile_field() -> graphene.Field:
    """The field that the plugin home adds to the shop's `User`."""
    return graphene.Field(
        MessagingProfile,
        description=(
            "The person as messaging knows them."
            "\n\nRequires one of the following permissions: OWNER, MANAGE_MESSAGING, MANAGE_USERS."
        ),
        resolver=resolve_user_profile,
    )
