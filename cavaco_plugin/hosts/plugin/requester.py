"""Who asks, in Saleor's words."""

from collections.abc import Sequence
from typing import Any

from saleor.core.exceptions import PermissionDenied
from saleor.graphql.app.dataloaders import get_app_promise
from saleor.graphql.core.context import get_database_connection_name
from saleor.permission.enums import get_permissions_enum_dict
from saleor.permission.utils import one_of_permissions_or_auth_filter_required


class SaleorRequester:
    """The user or app behind a GraphQL context or a plugin request."""

    def __init__(self, context: Any) -> None:
        self._context = context
        # Saleor's lazy user may turn out to be None without being None.
        user = getattr(context, "user", None)
        user_id = getattr(user, "pk", None)
        self.user_id = str(user_id) if user_id is not None else ""
        self.name = str(getattr(user, "email", "")) if self.user_id else self._app_name()

    def has(self, permission: str) -> bool:
        """By Saleor's own check, so that a token's narrower rights hold too."""
        enum = next(e for e in get_permissions_enum_dict().values() if e.value == permission)
        return bool(one_of_permissions_or_auth_filter_required(self._context, [enum]))

    def _app_name(self) -> str:
        app = get_app_promise(self._context).get()
        return app.name if app else ""


def requester_of(context: Any) -> SaleorRequester:
    """The requester of a GraphQL context."""
    return SaleorRequester(context)


def denied(permissions: Sequence[str]) -> Exception:
    """Saleor's own refusal, with its code and its words."""
    known = get_permissions_enum_dict().values()
    return PermissionDenied(permissions=[e for e in known if e.value in permissions])


def reads_from(context: Any) -> str:
    """The replica for queries, the writer for mutations, as Saleor decides."""
    return str(get_database_connection_name(context))
