"""Our permission, in the list that Saleor offers in groups and to apps.

Imported while Django loads the models: Saleor builds its permission enum soon after.
"""

from saleor.permission import enums


class MessagingPermissions(enums.BasePermissionEnum):
    """What staff may do with messaging."""

    MANAGE_MESSAGING = "cavaco.manage_messaging"


def offer() -> None:
    """Let Saleor know the permission. A second call does nothing."""
    if MessagingPermissions not in enums.PERMISSIONS_ENUMS:
        enums.PERMISSIONS_ENUMS.append(MessagingPermissions)
