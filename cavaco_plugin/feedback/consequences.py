"""What a person's word sets in motion: messages under way stop, flows hear of a consent.

Whoever changes consent from outside (our pages, an API, a receipt) does it through here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.opt_in import Confirmation
from cavaco_plugin.consent.records import lock_person
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.consent.topics import EVERY_TOPIC, MARKETING
from cavaco_plugin.feedback import confirmations
from cavaco_plugin.flows import operations as flows
from cavaco_plugin.outbox import operations as outbox
from cavaco_plugin.policy import reasons
from cavaco_plugin.store.changes import ChangeKind, StoreChange


@transaction.atomic
def withdraw(
    *,
    profile_id: int,
    statement: Statement,
    now: datetime,
    channel: str | None = None,
    topic: str | None = None,
) -> bool:
    """Withdraw consent (see `consent.operations.withdraw`) and drop what was about to be sent."""
    is_new = consent.withdraw(
        profile_id=profile_id, statement=statement, channel=channel, topic=topic, now=now
    )
    stop_waiting(profile_id, channel=channel, topic=topic, now=now)
    return is_new


@transaction.atomic
def grant(
    *,
    profile_id: int,
    channel: str,
    topic: str,
    statement: Statement,
    now: datetime,
    sales_channel: str = "",
) -> None:
    """Grant consent and let the flows know."""
    changes = consent.grant(
        profile_id=profile_id,
        channel=channel,
        topic=topic,
        sales_channel=sales_channel,
        statement=statement,
        now=now,
    )
    follow(changes, now=now)


@transaction.atomic
def choose(
    *,
    profile_id: int,
    choices: Mapping[tuple[str, str], bool],
    statement: Statement,
    now: datetime,
    proved_channel: str = "",
) -> bool:
    """Take a page of choices (see `consent.operations.choose`).

    Returns whether a message went out that asks to confirm one of them.
    """
    changes = consent.choose(
        profile_id=profile_id,
        choices=choices,
        statement=statement,
        proved_channel=proved_channel,
        now=now,
    )
    for (channel, topic), is_wanted in choices.items():
        if not is_wanted:
            stop_waiting(profile_id, channel=channel, topic=topic, now=now)
    follow(changes, now=now)
    return any(change.kind == ChangeKind.OPT_IN_REQUESTED for change in changes)


@transaction.atomic
def confirm(*, token: str, now: datetime, ip_address: str | None = None) -> Confirmation:
    """Confirm a double opt-in and let the flows know."""
    confirmation = consent.confirm(token=token, ip_address=ip_address, now=now)
    follow(confirmation.changes, now=now)
    return confirmation


def follow(changes: Sequence[StoreChange], *, now: datetime) -> None:
    """What changes made by the consent stage lead to."""
    if changes:
        confirmations.ask(changes=changes, now=now)
        flows.take(changes=list(changes), now=now)


@transaction.atomic
def stop_waiting(
    profile_id: int, *, channel: str | None, now: datetime, topic: str | None = None
) -> None:
    """Drop the marketing that waits for this person, whoever took the profile over."""
    outbox.drop_for_profile(
        lock_person(profile_id),
        reason=reasons.CONSENT_WITHDRAWN,
        channel=channel,
        topic=None if topic == EVERY_TOPIC else topic,
        purpose=MARKETING,
        now=now,
    )
