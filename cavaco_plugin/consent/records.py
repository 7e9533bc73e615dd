"""The one place that appends consent records and keeps their sum, under the person's lock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from cavaco_plugin.consent import queries, validity
from cavaco_plugin.consent.models import ConsentRecord, ConsentState
from cavaco_plugin.consent.resolution import GRANTED, PENDING, WITHDRAWN, Standing, resolve
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.kernel.hashing import fingerprint
from cavaco_plugin.profiles.locking import lock

_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One record to be: what was said about one channel and topic."""

    channel: str
    topic: str
    state: str
    statement: Statement
    sales_channel: str = ""

    @property
    def key(self) -> str:
        """The same act on the same thing has the same key."""
        parts = (self.statement.key, self.channel, self.topic, self.sales_channel, self.state)
        text = ":".join(parts)
        return text if len(text) <= _KEY_LENGTH else f"{text[:160]}:{fingerprint(text)}"

    @property
    def standing(self) -> Standing:
        """What the sum would be if this were all that was said."""
        said = self.statement
        return Standing(
            self.channel, self.topic, self.sales_channel, self.state, said.occurred_at, said.source
        )


class UnknownPerson(LookupError):
    """There is no such profile."""


def lock_person(profile_id: int) -> int:
    """Lock the person's row, or that of the profile that took this one over, and say which it was.

    Raises:
        UnknownPerson: there is no such profile.
    """
    while True:
        locked = lock([profile_id])
        if not locked:
            raise UnknownPerson(f"There is no profile {profile_id}; see `messagingProfile`.")
        (profile,) = locked
        if profile.merged_into_id is None:
            return profile_id
        profile_id = profile.merged_into_id


def write(*, profile_id: int, entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """Append the records that are new and bring the sum up to date; the lock must be held.

    Returns the entries through which a person allows what they did not allow before.

    Raises:
        InvalidStatement: one of them is no evidence.
    """
    for entry in entries:
        validity.check(
            channel=entry.channel,
            topic=entry.topic,
            state=entry.state,
            statement=entry.statement,
        )
    told = set(
        ConsentRecord.objects.filter(
            idempotency_key__in=[entry.key for entry in entries]
        ).values_list("idempotency_key", flat=True)
    )
    fresh = [entry for entry in entries if entry.key not in told]
    if not fresh:
        return []
    records = ConsentRecord.objects.bulk_create(
        [_record(profile_id, entry, now) for entry in fresh]
    )
    before = queries.standings_of([profile_id]).get(profile_id, [])
    after = _store_sum(before, list(zip(fresh, records, strict=True)))
    return [e for e in fresh if not _allows(before, e) and _allows(after, e)]


def renew_withdrawals(
    *, profile_id: int, channels: Collection[str], topic: str, sales_channel: str, at: datetime
) -> None:
    """A person who left already has left again: the sum remembers the later moment."""
    ConsentState.objects.filter(
        profile_id=profile_id,
        channel__in=channels,
        topic=topic,
        sales_channel=sales_channel,
        state=WITHDRAWN,
        occurred_at__lt=at,
    ).update(occurred_at=at)


def _store_sum(
    before: Sequence[Standing], said: Sequence[tuple[Entry, ConsentRecord]]
) -> list[Standing]:
    """Write the states that the new records move; an older statement never replaces a newer one."""
    latest = {(s.channel, s.topic, s.sales_channel): s for s in before}
    moved: dict[tuple[str, str, str], ConsentRecord] = {}
    for entry, record in said:
        place = (entry.channel, entry.topic, entry.sales_channel)
        current = latest.get(place)
        asks_again = entry.state == PENDING and current and current.state == GRANTED
        if not asks_again and entry.standing.outweighs(current):
            latest[place] = entry.standing
            moved[place] = record
    ConsentState.objects.bulk_create(
        [state_row(record, profile_id=record.profile_id) for record in moved.values()],
        update_conflicts=True,
        unique_fields=["profile", "channel", "topic", "sales_channel"],
        update_fields=["state", "occurred_at", "record"],
    )
    return list(latest.values())


def _allows(standings: Sequence[Standing], entry: Entry) -> bool:
    return (
        entry.state == GRANTED
        and resolve(
            standings, channel=entry.channel, topic=entry.topic, sales_channel=entry.sales_channel
        )
        == GRANTED
    )


def _record(profile_id: int, entry: Entry, now: datetime) -> ConsentRecord:
    said = entry.statement
    return ConsentRecord(
        profile_id=profile_id,
        channel=entry.channel,
        topic=entry.topic,
        sales_channel=entry.sales_channel,
        state=entry.state,
        source=said.source,
        address=said.address,
        wording=said.wording,
        wording_version=said.wording_version,
        ip_address=said.ip_address,
        proof=dict(said.proof),
        occurred_at=said.occurred_at,
        recorded_at=now,
        idempotency_key=entry.key,
    )


def state_row(record: ConsentRecord, *, profile_id: int) -> ConsentState:
    """The row that makes this record the person's latest word on its subject."""
    return ConsentState(
        profile_id=profile_id,
        channel=record.channel,
        topic=record.topic,
        sales_channel=record.sales_channel,
        state=record.state,
        occurred_at=record.occurred_at,
        record=record,
    )
