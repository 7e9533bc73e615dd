"""Consent that the shop's own forms noted in its metadata.

A change `consent_declared` carries in `data`: `declaration` (see `declarations`), `origin`
(checkout, order or customer) and, for a customer, `is_confirmed` ("true" or "false").
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cavaco_plugin.consent import queries, reach
from cavaco_plugin.consent.declarations import (
    CHANNELS,
    Declaration,
    UnreadableDeclaration,
    read,
)
from cavaco_plugin.consent.granted import granted_changes
from cavaco_plugin.consent.opt_in import request_double_opt_in
from cavaco_plugin.consent.records import Entry, lock_person, write
from cavaco_plugin.consent.resolution import GRANTED, PENDING, WITHDRAWN, Standing, resolve
from cavaco_plugin.consent.settings import ConsentSettings
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.consent.topics import EVERY_TOPIC
from cavaco_plugin.store.changes import ChangeKind, StoreChange

logger = logging.getLogger(__name__)

# What an account declares before its e-mail address is confirmed; confirming it settles these.
UNCONFIRMED_SOURCE = "unconfirmed_account"
CUSTOMER_SOURCE = "customer_metadata"


@transaction.atomic
def take_declarations(*, changes: Sequence[StoreChange], now: datetime) -> list[StoreChange]:
    """Record the declarations among these changes.

    Returns consent newly granted, and opt-ins that ask for a confirmation message.
    """
    found: list[StoreChange] = []
    for change in changes:
        if change.kind == ChangeKind.CONSENT_DECLARED:
            found += _declared(change, now)
        elif change.kind == ChangeKind.CUSTOMER_CONFIRMED:
            found += _account_confirmed(change, now)
    return found


def _declared(change: StoreChange, now: datetime) -> list[StoreChange]:
    try:
        declaration = read(change.data.get("declaration", ""))
    except UnreadableDeclaration as problem:
        logger.warning("%s (%s)", problem, change.key)
        return []
    if declaration is None:
        return []
    person_id = lock_person(change.profile_id)
    entries = _withdrawals(change, declaration, person_id)
    write(profile_id=person_id, entries=entries, now=now)
    settings = queries.settings_for(change.sales_channel)
    return [
        granted
        for channel in declaration.channels
        for granted in _agreed(change, channel, person_id, settings, now)
    ]


def _agreed(
    change: StoreChange, channel: str, person_id: int, settings: ConsentSettings, now: datetime
) -> list[StoreChange]:
    """One channel was said yes to: granted, or pending for want of a proof."""
    is_unconfirmed = change.data.get("is_confirmed") == "false"
    statement = _statement(change, person_id, channel)
    if is_unconfirmed:
        return _settle(change, person_id, channel, settings.declared_topics, PENDING, now)
    if channel in settings.double_opt_in and not change.is_backfill and statement.address:
        return request_double_opt_in(
            profile_id=person_id,
            channel=channel,
            topics=settings.declared_topics,
            statement=statement,
            now=now,
        )
    state = PENDING if channel in settings.double_opt_in else GRANTED
    return _settle(change, person_id, channel, settings.declared_topics, state, now)


def _account_confirmed(change: StoreChange, now: datetime) -> list[StoreChange]:
    """The address is proved: what the account declared before counts from now on."""
    person_id = lock_person(change.profile_id)
    said = queries.standings_of([person_id]).get(person_id, [])
    waiting: dict[str, list[str]] = defaultdict(list)
    for standing in said:
        if standing.source == UNCONFIRMED_SOURCE and _is_waiting(said, standing):
            waiting[standing.channel].append(standing.topic)
    settings = queries.settings_for(change.sales_channel)
    confirmed: list[StoreChange] = []
    for channel, topics in sorted(waiting.items()):
        # An e-mail address is proved by now, a phone number is not.
        if channel != "email" and channel in settings.double_opt_in:
            confirmed += _agreed(change, channel, person_id, settings, now)
        else:
            confirmed += _settle(change, person_id, channel, topics, GRANTED, now)
    return confirmed


def _is_waiting(said: Sequence[Standing], standing: Standing) -> bool:
    """Whether nothing said since has overtaken the question."""
    return (
        resolve(
            said,
            channel=standing.channel,
            topic=standing.topic,
            sales_channel=standing.sales_channel,
        )
        == PENDING
    )


def _settle(
    change: StoreChange,
    person_id: int,
    channel: str,
    topics: Sequence[str],
    state: str,
    now: datetime,
) -> list[StoreChange]:
    statement = _statement(change, person_id, channel)
    entries = [Entry(channel, topic, state, statement) for topic in topics]
    granted = write(profile_id=person_id, entries=entries, now=now)
    return granted_changes(profile_id=person_id, entries=granted, is_backfill=change.is_backfill)


def _withdrawals(change: StoreChange, declaration: Declaration, person_id: int) -> list[Entry]:
    """A refusal ends everything; an account that names fewer channels ends what it named before."""
    if declaration.refuses:
        gone = set(CHANNELS)
    elif change.data.get("origin") == "customer":
        gone = {
            standing.channel
            for standing in queries.standings_of([person_id]).get(person_id, [])
            if standing.source in (CUSTOMER_SOURCE, UNCONFIRMED_SOURCE)
            and standing.state != WITHDRAWN
        } - set(declaration.channels)
    else:
        gone = set()
    return [
        Entry(channel, EVERY_TOPIC, WITHDRAWN, _statement(change, person_id, channel))
        for channel in sorted(gone)
    ]


def _statement(change: StoreChange, person_id: int, channel: str) -> Statement:
    origin = change.data.get("origin", "customer")
    is_unconfirmed = change.data.get("is_confirmed") == "false"
    return Statement(
        source=UNCONFIRMED_SOURCE if is_unconfirmed else f"{origin}_metadata",
        key=f"declared:{change.key}",
        occurred_at=change.at,
        address=reach.address_of(person_id, channel),
        wording=change.data.get("declaration", ""),
        proof={"change": change.key},
    )
