"""The address does not exist, or never will take a message: it is closed at once."""

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.feedback.case import Case
from cavaco_plugin.store.changes import StoreChange


def act(case: Case) -> list[StoreChange]:
    """Close the address, and move the message."""
    if case.address:
        consent.suppress(
            channel=case.channel,
            address=case.address,
            reason=Suppression.Reason.HARD_BOUNCE,
            detail=case.receipt.detail or case.receipt.code,
            now=case.now,
        )
    case.move()
    return []
