"""The provider gave up on this message; the address may still be good."""

from cavaco_plugin.feedback.case import Case
from cavaco_plugin.store.changes import StoreChange


def act(case: Case) -> list[StoreChange]:
    """Move the message."""
    case.move()
    return []
