"""What a text message from a person does to their consent: STOP, START and HELP.

The words themselves, in every language, are read by `channels.sms.keywords`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from cavaco_plugin.consent import queries
from cavaco_plugin.consent.addresses import address_hash
from cavaco_plugin.consent.granted import granted_changes
from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.consent.reach import owner_of
from cavaco_plugin.consent.records import Entry, lock_person, write
from cavaco_plugin.consent.resolution import GRANTED, WITHDRAWN, Standing
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.consent.suppressing import suppress
from cavaco_plugin.consent.topics import EVERY_TOPIC
from cavaco_plugin.store.changes import StoreChange

# Who stops texts stops calls too: one number, one answer.
PHONE_CHANNELS = ("sms", "voice")


class Reply(StrEnum):
    """The template of the one text that answers a keyword."""

    STOPPED = "sms_stopped"
    STARTED = "sms_started"
    HELP = "sms_help"


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What a keyword did. `reply_key` names the reply, so that it is sent once."""

    profile_id: int | None
    reply: Reply | None = None
    reply_key: str = ""
    changes: tuple[StoreChange, ...] = ()


@transaction.atomic
def stop(*, address: str, statement: Statement, now: datetime) -> Obeyed:
    """End all marketing to a number. Saying STOP again changes nothing and gets no second text."""
    owner = _lock_owner(address)
    if owner is not None:
        entries = [Entry(channel, EVERY_TOPIC, WITHDRAWN, statement) for channel in PHONE_CHANNELS]
        write(profile_id=owner, entries=entries, now=now)
    rows = [
        suppress(
            channel=channel,
            address=address,
            reason=Suppression.Reason.CARRIER_OPT_OUT,
            now=now,
            detail=statement.source,
        )
        for channel in PHONE_CHANNELS
    ]
    if rows[0] is None:
        return Obeyed(owner)
    return Obeyed(owner, Reply.STOPPED, f"stop:{rows[0].pk}")


@transaction.atomic
def start(*, address: str, statement: Statement, now: datetime) -> Obeyed:
    """Undo a STOP: what was granted before it is granted again. A complaint stays a complaint."""
    owner = _lock_owner(address)
    reopened = Suppression.objects.filter(
        channel__in=PHONE_CHANNELS,
        address_hash=address_hash("sms", address),
        reason=Suppression.Reason.CARRIER_OPT_OUT,
        lifted_at=None,
    ).update(lifted_at=now, lifted_by="START by the owner of the number")
    if not reopened or owner is None:
        return Obeyed(owner)
    said = queries.standings_of([owner]).get(owner, [])
    entries = _granted_before(said, statement)
    granted = write(profile_id=owner, entries=entries, now=now)
    changes = tuple(granted_changes(profile_id=owner, entries=granted))
    if _is_closed(address) or not entries:
        return Obeyed(owner, changes=changes)
    return Obeyed(owner, Reply.STARTED, f"start:{statement.key}", changes)


def ask_for_help(*, address: str, statement: Statement) -> Obeyed:
    """Somebody wants to know who writes and how to stop it."""
    return Obeyed(owner_of("sms", address), Reply.HELP, f"help:{statement.key}")


def _lock_owner(address: str) -> int | None:
    owner = owner_of("sms", address)
    return lock_person(owner) if owner is not None else None


def _is_closed(address: str) -> bool:
    return bool(queries.suppressions([("sms", address)])["sms", address])


def _granted_before(said: Sequence[Standing], statement: Statement) -> list[Entry]:
    """The consents that a STOP overruled; their own rows still say what they were."""
    return [
        Entry(
            standing.channel,
            standing.topic,
            GRANTED,
            replace(statement, proof={**statement.proof, "granted_at": _iso(standing)}),
            standing.sales_channel,
        )
        for standing in said
        if standing.channel in PHONE_CHANNELS and standing.state == GRANTED
    ]


def _iso(standing: Standing) -> str:
    return standing.occurred_at.isoformat()
