"""The person left through the provider's own link."""

from cavaco_plugin.consent.reach import owner_of
from cavaco_plugin.feedback import consequences
from cavaco_plugin.feedback.case import Case
from cavaco_plugin.store.changes import StoreChange


def act(case: Case) -> list[StoreChange]:
    """Withdraw what the message was about; the whole channel where we do not know the message."""
    person = case.message.profile_id if case.message else owner_of(case.channel, case.address)
    if person is not None:
        consequences.withdraw(
            profile_id=person,
            channel=case.channel,
            topic=case.message.topic if case.message else None,
            statement=case.statement("provider_unsubscribe"),
            now=case.now,
        )
    case.move()
    return []
