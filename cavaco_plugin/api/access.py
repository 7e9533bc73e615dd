"""Who asks, and what they may see. The home tells; the fields decide."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

MANAGE_MESSAGING = "cavaco.manage_messaging"
MANAGE_USERS = "account.manage_users"


class Requester(Protocol):
    """The person or app behind a request.

    Attributes:
        user_id: the shop's id of the signed-in customer or staff member, "" for nobody.
        name: what the audit log calls them.
    """

    @property
    def user_id(self) -> str: ...

    @property
    def name(self) -> str: ...

    def has(self, permission: str) -> bool:
        """Whether the token behind this request grants `permission` ("app_label.codename")."""


class PermissionDenied(Exception):
    """You do not have permission to perform this action."""


def denied(permissions: Sequence[str]) -> Exception:
    """The refusal of the app home; it names what would have been enough."""
    names = ", ".join(permission.partition(".")[2].upper() for permission in permissions)
    return PermissionDenied(
        f"To access this path, you need one of the following permissions: {names}"
    )


class Home:
    """What the home answers about a request; set once when it starts."""

    requester: Callable[[Any], Requester]
    denied: Callable[[Sequence[str]], Exception] = staticmethod(denied)
    # The database alias that reads of this request go to.
    reads_from: Callable[[Any], str] = staticmethod(lambda context: "default")


home = Home()


def requester(info: Any) -> Requester:
    """Who asks."""
    return home.requester(info.context)


def need(info: Any, *permissions: str) -> Requester:
    """The requester, when they hold at least one of `permissions`.

    Raises:
        PermissionDenied: (or the home's own) they hold none.
    """
    who = requester(info)
    if not any(who.has(permission) for permission in permissions):
        raise home.denied(permissions)
    return who


def reads_from(info: Any) -> str:
    """The database alias for reading."""
    return home.reads_from(info.context)
