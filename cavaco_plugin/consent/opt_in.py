"""Double opt-in: a "yes" that counts once the person confirmed it from the address itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from cavaco_plugin.consent import links, queries
from cavaco_plugin.consent.granted import granted_changes
from cavaco_plugin.consent.models import OptInRequest
from cavaco_plugin.consent.records import Entry, lock_person, write
from cavaco_plugin.consent.resolution import GRANTED, PENDING, resolve
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.store.changes import ChangeKind, StoreChange

# Who asks again sooner gets no second message: nobody's mailbox is filled through our form.
ASK_AGAIN_AFTER = timedelta(hours=1)


class Answer(StrEnum):
    """What became of a confirmation."""

    CONFIRMED = "confirmed"
    ALREADY = "already"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The answer, the opt-in it is about, and the consent newly granted by it."""

    answer: Answer
    opt_in: OptInRequest | None = None
    changes: tuple[StoreChange, ...] = ()


@transaction.atomic
def request_double_opt_in(
    *,
    profile_id: int,
    channel: str,
    topics: Sequence[str],
    statement: Statement,
    now: datetime,
    sales_channel: str = "",
) -> list[StoreChange]:
    """Note the wish as pending. The change returned asks for the confirmation message.

    Empty where nothing is to be asked: all of it is granted already, or the same was asked within
    the hour.

    Raises:
        ValueError: the statement names no address to confirm.
    """
    if not statement.address:
        raise ValueError("statement.address: give the address that the confirmation goes to")
    person_id = lock_person(profile_id)
    wanted = _not_yet_granted(person_id, channel, topics, sales_channel)
    entries = [Entry(channel, topic, PENDING, statement, sales_channel) for topic in wanted]
    write(profile_id=person_id, entries=entries, now=now)
    if not wanted or _asked_lately(person_id, channel, wanted, statement.address, now):
        return []
    days = queries.settings_for(sales_channel).opt_in_days
    opt_in = OptInRequest.objects.create(
        profile_id=person_id,
        channel=channel,
        topics=wanted,
        sales_channel=sales_channel,
        address=statement.address,
        wording=statement.wording,
        wording_version=statement.wording_version,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return [_request_change(opt_in)]


@transaction.atomic
def confirm(*, token: str, now: datetime, ip_address: str | None = None) -> Confirmation:
    """Grant what a confirmation link stands for; a link confirms once and not after its end."""
    opt_in = find(token)
    if opt_in is None:
        return Confirmation(Answer.UNKNOWN)
    person_id = lock_person(opt_in.profile_id)
    opt_in = OptInRequest.objects.select_for_update().get(pk=opt_in.pk)
    if (ended := standing_of(opt_in, now=now)) is not None:
        return Confirmation(ended, opt_in)
    opt_in.confirmed_at = now
    opt_in.save(update_fields=["confirmed_at"])
    statement = replace(_confirmed(opt_in, now), ip_address=ip_address)
    entries = [
        Entry(opt_in.channel, topic, GRANTED, statement, opt_in.sales_channel)
        for topic in opt_in.topics
    ]
    granted = write(profile_id=person_id, entries=entries, now=now)
    changes = granted_changes(profile_id=person_id, entries=granted)
    return Confirmation(Answer.CONFIRMED, opt_in, tuple(changes))


def standing_of(opt_in: OptInRequest | None, *, now: datetime) -> Answer | None:
    """Why an opt-in can be confirmed no more; None where it can."""
    if opt_in is None:
        return Answer.UNKNOWN
    if opt_in.confirmed_at is not None:
        return Answer.ALREADY
    return Answer.EXPIRED if now >= opt_in.expires_at else None


def find(token: str) -> OptInRequest | None:
    """The opt-in that a link stands for; None where the link is not ours."""
    try:
        claims = links.read(token, links.Purpose.CONFIRM)
    except links.InvalidLink:
        return None
    return OptInRequest.objects.select_related("profile").filter(public_id=claims.subject).first()


def _confirmed(opt_in: OptInRequest, now: datetime) -> Statement:
    return Statement(
        source="double_opt_in",
        key=f"opt_in:{opt_in.public_id}",
        occurred_at=now,
        address=opt_in.address,
        wording=opt_in.wording,
        wording_version=opt_in.wording_version,
        proof={"opt_in": opt_in.public_id, "asked_at": opt_in.created_at.isoformat()},
    )


def _not_yet_granted(
    person_id: int, channel: str, topics: Sequence[str], sales_channel: str
) -> list[str]:
    said = queries.standings_of([person_id]).get(person_id, [])
    return [
        topic
        for topic in topics
        if resolve(said, channel=channel, topic=topic, sales_channel=sales_channel) != GRANTED
    ]


def _asked_lately(
    person_id: int, channel: str, topics: Sequence[str], address: str, now: datetime
) -> bool:
    return OptInRequest.objects.filter(
        profile_id=person_id,
        channel=channel,
        topics__contains=list(topics),
        address=address,
        confirmed_at=None,
        created_at__gt=now - ASK_AGAIN_AFTER,
    ).exists()


def _request_change(opt_in: OptInRequest) -> StoreChange:
    return StoreChange(
        kind=ChangeKind.OPT_IN_REQUESTED,
        key=f"opt_in:{opt_in.public_id}",
        profile_id=opt_in.profile_id,
        at=opt_in.created_at,
        subject={"opt_in": opt_in.public_id},
        sales_channel=opt_in.sales_channel,
        data={"channel": opt_in.channel},
    )
