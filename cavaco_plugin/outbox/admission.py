"""From wishes to rows: every wish gets one, whatever the gate says, and the same wish gets only one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cavaco_plugin.outbox import decisions, ways
from cavaco_plugin.outbox.decisions import Decided
from cavaco_plugin.outbox.grounds import Grounds, InvalidRequest, gather, row_of
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.outbox.request import MessageRequest
from cavaco_plugin.policy.facts import MessageFacts, Verdict
from cavaco_plugin.policy.gate import decide
from cavaco_plugin.policy.queries import load_facts

__all__ = ["InvalidRequest", "admit", "foresee"]


@transaction.atomic
def admit(requests: Sequence[MessageRequest], *, now: datetime) -> list[Message]:
    """The message of each request, in order: a new one, or the one that its key has already.

    Raises:
        InvalidRequest: no such profile, channel or published template.
    """
    by_key = {request.idempotency_key: request for request in requests}
    known = set(
        Message.objects.filter(idempotency_key__in=by_key).values_list("idempotency_key", flat=True)
    )
    # In one order for everybody: two who make the same wishes at once wait for each other in no circle.
    fresh = [by_key[key] for key in sorted(by_key.keys() - known)]
    if fresh:
        _insert(fresh, now)
    messages = {m.idempotency_key: m for m in Message.objects.filter(idempotency_key__in=by_key)}
    return [messages[request.idempotency_key] for request in requests]


def foresee(requests: Sequence[MessageRequest], *, now: datetime) -> list[Verdict]:
    """What the gate would say of each request today. Nothing is written.

    Raises:
        InvalidRequest: as in `admit`.
    """
    return [verdict for _, verdict in _ask(requests, gather(requests), now)]


def _insert(requests: Sequence[MessageRequest], now: datetime) -> None:
    grounds = gather(requests)
    verdicts = _ask(requests, grounds, now)
    rows = [
        row_of(request, intent, verdict, facts, now)
        for request, intent, (facts, verdict) in zip(
            requests, grounds.intents, verdicts, strict=True
        )
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    # Somebody else may have made the same wish since we looked; the one whose row stands explains it.
    ids = dict(
        Message.objects.filter(public_id__in=[row.public_id for row in rows]).values_list(
            "public_id", "id"
        )
    )
    decisions.record(
        decided=[
            Decided(ids[row.public_id], verdict)
            for row, (_, verdict) in zip(rows, verdicts, strict=True)
            if row.public_id in ids
        ],
        stage="admission",
        policy_number=grounds.policy_number,
        now=now,
    )


def _ask(
    requests: Sequence[MessageRequest], grounds: Grounds, now: datetime
) -> list[tuple[MessageFacts, Verdict]]:
    """What the gate would say at the time each message is due, as far as one can know today."""
    found = ways.find({request.channel for request in requests})
    stops = {channel: stop for channel, way in found.items() if (stop := way.stop(now=now))}
    facts = load_facts(
        messages=grounds.intents, people=grounds.people, stops=stops, stage="admission", now=now
    )
    return [
        (facts[intent.id], decide(facts[intent.id], grounds.policy, max(now, request.due_at)))
        for request, intent in zip(requests, grounds.intents, strict=True)
    ]
