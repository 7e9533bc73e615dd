"""Consent as a fact that flows listen to."""

from collections.abc import Iterable

from cavaco_plugin.consent.records import Entry
from cavaco_plugin.store.changes import ChangeKind, StoreChange


def granted_changes(
    *, profile_id: int, entries: Iterable[Entry], is_backfill: bool = False
) -> list[StoreChange]:
    """One change per entry. The key has no time in it: a person is welcomed once per topic."""
    return [
        StoreChange(
            kind=ChangeKind.CONSENT_GRANTED,
            key=f"consent:{profile_id}:{entry.channel}:{entry.topic}",
            profile_id=profile_id,
            at=entry.statement.occurred_at,
            sales_channel=entry.sales_channel,
            is_backfill=is_backfill,
            data={
                "channel": entry.channel,
                "topic": entry.topic,
                "source": entry.statement.source,
            },
        )
        for entry in entries
    ]
