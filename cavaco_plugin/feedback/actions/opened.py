"""The person opened the message. What a machine opened proves and moves nothing."""

from cavaco_plugin.feedback.case import Case
from cavaco_plugin.store.changes import ChangeKind, StoreChange


def act(case: Case) -> list[StoreChange]:
    """Move the message, and tell the flows."""
    if case.receipt.is_machine:
        return []
    case.move()
    return case.change(ChangeKind.MESSAGE_OPENED)
