"""What the consent stage does when people are merged, separated, exported or erased.

Records stay with the profile that made them, for they are proof; only the sum of them follows the
person. So the sum can always be counted again from the records of the whole family of profiles.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from cavaco_plugin.consent.models import ConsentRecord, ConsentState, OptInRequest, Suppression
from cavaco_plugin.consent.records import Entry, state_row, write
from cavaco_plugin.consent.resolution import GRANTED, PENDING, WITHDRAWN, Standing, resolve
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.consent.suppressing import suppress
from cavaco_plugin.profiles.models import ContactPoint
from cavaco_plugin.profiles.queries import family

NAME = "consent"
_RECORD_FIELDS = (
    "channel",
    "topic",
    "sales_channel",
    "address",
    "state",
    "source",
    "wording",
    "wording_version",
    "ip_address",
    "proof",
    "occurred_at",
    "recorded_at",
)
_CHANNELS_OF = {"email": ("email",), "phone": ("sms", "voice")}


def absorb(*, winner_id: int, loser_id: int, now: datetime) -> Mapping[str, object]:
    """Both people's statements count for the one person there is now, and who left as one has left."""
    sides = [_states(winner_id), _states(loser_id)]
    _recount(winner_id, [*family(winner_id), *family(loser_id)])
    _keep_withdrawals(winner_id, sides)
    return {"at": now.isoformat()}


def restore(*, winner_id: int, loser_id: int, moved: Mapping[str, Any], now: datetime) -> None:
    """Each has their own statements again, and what was withdrawn meanwhile stays withdrawn for both."""
    _recount(winner_id, [each for each in family(winner_id) if each not in family(loser_id)])
    _recount(loser_id, family(loser_id))
    since = datetime.fromisoformat(moved["at"]) if "at" in moved else now
    meanwhile = ConsentRecord.objects.filter(
        profile_id=winner_id, state=WITHDRAWN, recorded_at__gte=since
    )
    write(profile_id=loser_id, entries=[_also_for(loser_id, each) for each in meanwhile], now=now)


def export(*, profile_ids: Sequence[int]) -> Mapping[str, object]:
    """Every statement of the person, and whether their addresses are closed."""
    records = ConsentRecord.objects.filter(profile_id__in=profile_ids).order_by("occurred_at", "id")
    opt_ins = OptInRequest.objects.filter(profile_id__in=profile_ids).order_by("id")
    return {
        "records": [
            {name: _plain(getattr(row, name)) for name in _RECORD_FIELDS} for row in records
        ],
        "opt_ins": [
            {
                "channel": row.channel,
                "topics": row.topics,
                "address": row.address,
                "asked_at": row.created_at.isoformat(),
                "confirmed_at": _plain(row.confirmed_at),
            }
            for row in opt_ins
        ],
    }


def erase(*, profile_ids: Sequence[int], now: datetime) -> None:
    """Forget what was said; the salted hashes of the addresses stay, so that nobody is written to again."""
    for channel, address in sorted(_addresses(profile_ids)):
        suppress(channel=channel, address=address, reason=Suppression.Reason.ERASED, now=now)
    OptInRequest.objects.filter(profile_id__in=profile_ids).delete()
    ConsentState.objects.filter(profile_id__in=profile_ids).delete()
    with connection.cursor() as cursor:
        # The database lets go of a consent record for nothing else.
        cursor.execute("SELECT set_config('cavaco.erasing', 'on', true)")
        cursor.execute(
            "DELETE FROM cavaco_consent_record WHERE profile_id = ANY(%s)", [list(profile_ids)]
        )
        cursor.execute("SELECT set_config('cavaco.erasing', 'off', true)")


def _recount(profile_id: int, over: Sequence[int]) -> None:
    """The sum of everything these profiles said, as the sum of this one."""
    rows = ConsentRecord.objects.filter(profile_id__in=over).order_by("occurred_at", "id")
    latest: dict[tuple[str, str, str], tuple[Standing, ConsentRecord]] = {}
    for row in rows:
        said = Standing(row.channel, row.topic, row.sales_channel, row.state, row.occurred_at)
        place = (row.channel, row.topic, row.sales_channel)
        current = latest[place][0] if place in latest else None
        asks_again = row.state == PENDING and current and current.state == GRANTED
        if not asks_again and said.outweighs(current):
            latest[place] = (said, row)
    ConsentState.objects.filter(profile_id=profile_id).delete()
    ConsentState.objects.bulk_create(
        [state_row(record, profile_id=profile_id) for _, record in latest.values()]
    )


def _keep_withdrawals(winner_id: int, sides: Sequence[Sequence[ConsentState]]) -> None:
    """A yes under one name does not undo a no under the other, be it the newer: only they can."""
    for row in ConsentState.objects.filter(profile_id=winner_id, state=GRANTED):
        place = {
            "channel": row.channel,
            "topic": row.topic,
            "sales_channel": row.sales_channel,
        }
        for states in sides:
            said = {_standing(state): state for state in states}
            if resolve(said, **place) == WITHDRAWN:
                covering = [
                    each for each in said if each.covers(**place) and each.state == WITHDRAWN
                ]
                newest = max(covering, key=lambda each: each.occurred_at)
                row.state, row.record_id = WITHDRAWN, said[newest].record_id
                row.save(update_fields=["state", "record"])


def _states(profile_id: int) -> list[ConsentState]:
    return list(ConsentState.objects.filter(profile_id=profile_id))


def _standing(row: ConsentState) -> Standing:
    return Standing(row.channel, row.topic, row.sales_channel, row.state, row.occurred_at)


def _also_for(profile_id: int, record: ConsentRecord) -> Entry:
    statement = Statement(
        source="merge_undone",
        key=f"merge_undone:{profile_id}:{record.pk}",
        occurred_at=record.occurred_at,
        proof={"record": str(record.pk)},
    )
    return Entry(record.channel, record.topic, WITHDRAWN, statement, record.sales_channel)


def _addresses(profile_ids: Sequence[int]) -> Iterable[tuple[str, str]]:
    """Every address that these profiles ever had, by channel."""
    points = ContactPoint.objects.filter(
        profile_id__in=profile_ids, kind__in=_CHANNELS_OF
    ).values_list("kind", "value")
    found = {(channel, value) for kind, value in points for channel in _CHANNELS_OF[kind]}
    said = ConsentRecord.objects.filter(profile_id__in=profile_ids).exclude(address="")
    return found | set(said.values_list("channel", "address"))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
