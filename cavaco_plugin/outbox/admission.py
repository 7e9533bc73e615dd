"""From wishes to rows: every wish gets one, whatever the gate says, and the same wish gets only one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from cavaco_plugin.content.models import Template
from cavaco_plugin.outbox import decisions, ways
from cavaco_plugin.outbox.decisions import Decided
from cavaco_plugin.outbox.delivery_state import DROPPED, READY
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.outbox.request import MessageRequest
from cavaco_plugin.policy import people
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict
from cavaco_plugin.policy.gate import decide
from cavaco_plugin.policy.intent import Intent
from cavaco_plugin.policy.people import Person
from cavaco_plugin.policy.queries import load_facts, policy_in_force
from cavaco_plugin.policy.ring import channel_bits


class InvalidRequest(ValueError):
    """A wish that no row can be made of; the text names the field and the remedy."""


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
    fresh = [request for key, request in by_key.items() if key not in known]
    if fresh:
        _insert(fresh, now)
    messages = {m.idempotency_key: m for m in Message.objects.filter(idempotency_key__in=by_key)}
    return [messages[request.idempotency_key] for request in requests]


def foresee(requests: Sequence[MessageRequest], *, now: datetime) -> list[Verdict]:
    """What the gate would say of each request today. Nothing is written.

    Raises:
        InvalidRequest: as in `admit`.
    """
    versions = _active_versions({request.template_key for request in requests})
    persons = people.read_standing({request.profile_id for request in requests})
    for request in requests:
        _check(request, versions, persons)
    policy = policy_in_force().policy
    intents = [
        _intent(number, request, versions, persons, policy)
        for number, request in enumerate(requests)
    ]
    return [verdict for _, verdict in _ask(requests, intents, persons, policy, now)]


def _insert(requests: Sequence[MessageRequest], now: datetime) -> None:
    versions = _active_versions({request.template_key for request in requests})
    persons = people.read_standing({request.profile_id for request in requests})
    for request in requests:
        _check(request, versions, persons)
    in_force = policy_in_force()
    intents = [
        _intent(number, request, versions, persons, in_force.policy)
        for number, request in enumerate(requests)
    ]
    verdicts = _ask(requests, intents, persons, in_force.policy, now)
    rows = [
        _row(request, intent, verdict, facts, now)
        for request, intent, (facts, verdict) in zip(requests, intents, verdicts, strict=True)
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
        policy_number=in_force.number,
        now=now,
    )


def _ask(
    requests: Sequence[MessageRequest],
    intents: Sequence[Intent],
    persons: Mapping[int, Person],
    policy: Policy,
    now: datetime,
) -> list[tuple[MessageFacts, Verdict]]:
    """What the gate would say at the time each message is due, as far as one can know today."""
    found = ways.find({request.channel for request in requests})
    stops = {channel: stop for channel, way in found.items() if (stop := way.stop(now=now))}
    standing = {person.id: person for person in persons.values()}
    facts = load_facts(messages=intents, people=standing, stops=stops, stage="admission", now=now)
    return [
        (facts[intent.id], decide(facts[intent.id], policy, max(now, request.due_at)))
        for request, intent in zip(requests, intents, strict=True)
    ]


def _active_versions(keys: set[str]) -> dict[str, tuple[str, int]]:
    rows = Template.objects.filter(key__in=keys, active_version__isnull=False)
    return {
        key: (channel, version)
        for key, channel, version in rows.values_list("key", "channel", "active_version")
    }


def _check(
    request: MessageRequest, versions: Mapping[str, tuple[str, int]], persons: Mapping[int, Person]
) -> None:
    if request.profile_id not in persons:
        raise InvalidRequest(f"profile_id: there is no profile {request.profile_id}.")
    if request.template_key not in versions:
        raise InvalidRequest(
            f"template_key: {request.template_key!r} has no published version. Publish it first."
        )
    channel, _ = versions[request.template_key]
    if channel != request.channel:
        raise InvalidRequest(
            f"channel: template {request.template_key!r} is for {channel}, not for {request.channel!r}. "
            "Use a template of that channel."
        )
    channel_bits(request.channel)


def _intent(
    number: int,
    request: MessageRequest,
    versions: Mapping[str, tuple[str, int]],
    persons: Mapping[int, Person],
    policy: Policy,
) -> Intent:
    return Intent(
        id=number,
        profile_id=persons[request.profile_id].id,
        channel=request.channel,
        purpose=request.purpose,
        topic=request.topic,
        sales_channel=request.sales_channel,
        template_version_id=versions[request.template_key][1],
        flow_id=request.flow_id,
        subject=request.subject,
        purchase_proof_since=request.purchase_proof_since,
        expires_at=request.expires_at or request.due_at + policy.max_hold,
        is_test=request.is_test,
    )


def _row(
    request: MessageRequest, intent: Intent, verdict: Verdict, facts: MessageFacts, now: datetime
) -> Message:
    is_dropped = verdict.verdict == "drop"
    return Message(
        idempotency_key=request.idempotency_key,
        profile_id=intent.profile_id,
        channel=intent.channel,
        purpose=intent.purpose,
        topic=intent.topic,
        template_key=request.template_key,
        template_version_id=intent.template_version_id,
        sales_channel=intent.sales_channel,
        origin=request.origin,
        flow_id=request.flow_id,
        enrolment_id=request.enrolment_id,
        step_id=request.step_id,
        subject=dict(request.subject),
        purchase_proof_since=request.purchase_proof_since,
        is_test=request.is_test,
        state=DROPPED if is_dropped else READY,
        reason=verdict.reason,
        priority=request.priority,
        due_at=verdict.hold_until or request.due_at,
        expires_at=intent.expires_at,
        address=facts.address,
        created_at=now,
        final_at=now if is_dropped else None,
    )
