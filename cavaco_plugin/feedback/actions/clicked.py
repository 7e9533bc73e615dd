"""The person followed a link. A mail scanner follows every link: that proves and moves nothing."""

from cavaco_plugin.feedback.case import Case
from cavaco_plugin.store.changes import ChangeKind, StoreChange


def act(case: Case) -> list[StoreChange]:
    """Move the message, and tell the flows."""
    if case.receipt.is_machine:
        return []
    case.move()
    return case.change(ChangeKind.MESSAGE_CLICKED)
