"""The person called the message spam: the address is closed at once, until a human decides otherwise."""

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.consent.reach import owner_of
from cavaco_plugin.feedback import consequences
from cavaco_plugin.feedback.case import Case
from cavaco_plugin.store.changes import StoreChange


def act(case: Case) -> list[StoreChange]:
    """Close the address, end the consent to the channel, and stop what is under way."""
    if case.address:
        consent.suppress(
            channel=case.channel,
            address=case.address,
            reason=Suppression.Reason.COMPLAINT,
            detail=f"reported by {case.receipt.provider}",
            now=case.now,
        )
    person = case.message.profile_id if case.message else owner_of(case.channel, case.address)
    if person is not None:
        consequences.withdraw(
            profile_id=person,
            channel=case.channel,
            statement=case.statement("complaint"),
            now=case.now,
        )
    case.move()
    return []
