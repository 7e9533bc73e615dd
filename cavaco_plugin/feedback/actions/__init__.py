"""What each kind of receipt does: one verb a file. A kind that is missing here moves nothing."""

from collections.abc import Callable

from cavaco_plugin.feedback.actions import (
    accepted,
    bounced,
    clicked,
    complained,
    deferred,
    delivered,
    failed,
    opened,
    received,
    unsubscribed,
)
from cavaco_plugin.feedback.case import Case
from cavaco_plugin.store.changes import StoreChange

ACTIONS: dict[str, Callable[[Case], list[StoreChange]]] = {
    "accepted": accepted.act,
    "bounced": bounced.act,
    "clicked": clicked.act,
    "complained": complained.act,
    "deferred": deferred.act,
    "delivered": delivered.act,
    "failed": failed.act,
    "opened": opened.act,
    "received": received.act,
    "unsubscribed": unsubscribed.act,
}
# They are about an address as much as about a message, so they hold for one we do not know too.
ABOUT_ADDRESS = frozenset({"bounced", "complained", "received", "unsubscribed"})
