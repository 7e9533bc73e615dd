"""Consent given, refused and asked for. Every write holds the person's lock first.

No grant in this package ever lifts a suppression: who complained stays suppressed until a named
human calls `lift`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from cavaco_plugin.consent import queries
from cavaco_plugin.consent.configuring import save_settings
from cavaco_plugin.consent.declarations import CHANNELS
from cavaco_plugin.consent.declared import take_declarations
from cavaco_plugin.consent.granted import granted_changes
from cavaco_plugin.consent.opt_in import confirm, request_double_opt_in
from cavaco_plugin.consent.reach import address_of
from cavaco_plugin.consent.records import Entry, lock_person, renew_withdrawals, write
from cavaco_plugin.consent.resolution import (
    GRANTED,
    WITHDRAWN,
    is_granted_somewhere,
    is_withdrawn_throughout,
)
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.consent.suppressing import lift, suppress
from cavaco_plugin.consent.topics import EVERY_TOPIC, MARKETING_TOPICS
from cavaco_plugin.consent.validity import check_statement
from cavaco_plugin.store.changes import StoreChange

__all__ = [
    "choose",
    "confirm",
    "grant",
    "lift",
    "request_double_opt_in",
    "save_settings",
    "suppress",
    "take_declarations",
    "withdraw",
]


@transaction.atomic
def grant(
    *,
    profile_id: int,
    channel: str,
    topic: str,
    statement: Statement,
    now: datetime,
    sales_channel: str = "",
) -> list[StoreChange]:
    """Record a consent; `*` stands for every marketing topic. Returns what was newly granted.

    Raises:
        ValueError: no such marketing topic.
    """
    person_id = lock_person(profile_id)
    entries = [Entry(channel, each, GRANTED, statement, sales_channel) for each in _topics(topic)]
    return granted_changes(
        profile_id=person_id, entries=write(profile_id=person_id, entries=entries, now=now)
    )


@transaction.atomic
def withdraw(
    *,
    profile_id: int,
    statement: Statement,
    now: datetime,
    channel: str | None = None,
    topic: str | None = None,
    sales_channel: str = "",
) -> bool:
    """Record a withdrawal: of one topic, of a whole channel, or (both None) of everything.

    Returns whether it changed anything. Of a repeated withdrawal only the time is kept, and it is
    kept: a grant of the time between the two may reach us late, and must not count. The caller
    ends the messages under way (`outbox.operations.drop_for_profile`).
    """
    check_statement(statement)
    person_id = lock_person(profile_id)
    said = queries.standings_of([person_id]).get(person_id, [])
    channels = [channel] if channel else sorted({*CHANNELS, *(s.channel for s in said)})
    topic = topic or EVERY_TOPIC
    repeated = {
        s.channel
        for s in said
        if (s.topic, s.sales_channel, s.state) == (topic, sales_channel, WITHDRAWN)
    }
    unchanged = {
        each
        for each in channels
        if is_withdrawn_throughout(said, channel=each, topic=topic, sales_channel=sales_channel)
    }
    renew_withdrawals(
        profile_id=person_id,
        channels=unchanged & repeated,
        topic=topic,
        sales_channel=sales_channel,
        at=statement.occurred_at,
    )
    entries = [
        Entry(each, topic, WITHDRAWN, statement, sales_channel)
        for each in channels
        if each not in unchanged & repeated
    ]
    write(profile_id=person_id, entries=entries, now=now)
    return not unchanged.issuperset(channels)


@transaction.atomic
def choose(
    *,
    profile_id: int,
    choices: Mapping[tuple[str, str], bool],
    statement: Statement,
    now: datetime,
    proved_channel: str = "",
) -> list[StoreChange]:
    """Take a whole page of choices, (channel, topic) → yes or no; only what differs is recorded.

    Where the shop asks for a double opt-in, a new yes waits for it, but for the channel through
    which the person came here: the link in their mailbox proves the mailbox.
    """
    person_id = lock_person(profile_id)
    said = queries.standings_of([person_id]).get(person_id, [])
    asks = queries.settings_for().double_opt_in - {proved_channel}
    wanted: dict[str, list[str]] = defaultdict(list)
    entries: list[Entry] = []
    for (channel, topic), is_wanted in choices.items():
        if is_wanted == is_granted_somewhere(said, channel=channel, topic=topic):
            continue
        if is_wanted and channel in asks:
            wanted[channel].append(topic)
        else:
            state = GRANTED if is_wanted else WITHDRAWN
            entries.append(Entry(channel, topic, state, statement))
    granted = write(profile_id=person_id, entries=entries, now=now)
    return [
        *granted_changes(profile_id=person_id, entries=granted),
        *_ask_for(wanted, person_id, statement, now),
    ]


def _ask_for(
    wanted: Mapping[str, Sequence[str]], person_id: int, statement: Statement, now: datetime
) -> list[StoreChange]:
    return [
        change
        for channel, topics in wanted.items()
        if (address := address_of(person_id, channel))
        for change in request_double_opt_in(
            profile_id=person_id,
            channel=channel,
            topics=topics,
            statement=replace(statement, address=address),
            now=now,
        )
    ]


def _topics(topic: str) -> tuple[str, ...]:
    if topic == EVERY_TOPIC:
        return MARKETING_TOPICS
    if topic not in MARKETING_TOPICS:
        known = ", ".join((*MARKETING_TOPICS, EVERY_TOPIC))
        raise ValueError(f"topic: {topic!r} needs or knows no consent; use one of {known}")
    return (topic,)
