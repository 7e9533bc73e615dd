"""What a wish is made a row of: the person who stands, the template as published, the policy in force."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from cavaco_plugin.content.models import Template
from cavaco_plugin.outbox.delivery_state import DROPPED, READY
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.outbox.request import MessageRequest
from cavaco_plugin.policy import people
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict
from cavaco_plugin.policy.intent import Intent
from cavaco_plugin.policy.people import Person
from cavaco_plugin.policy.queries import policy_in_force
from cavaco_plugin.policy.ring import channel_bits


class InvalidRequest(ValueError):
    """A wish that no row can be made of; the text names the field and the remedy."""


class Grounds(NamedTuple):
    """All of it for one batch; the intents are in the order of their requests."""

    intents: list[Intent]
    people: Mapping[int, Person]
    policy: Policy
    policy_number: int


def gather(requests: Sequence[MessageRequest]) -> Grounds:
    """Look everything up.

    Raises:
        InvalidRequest: no such profile, channel or published template.
    """
    versions = _active_versions({request.template_key for request in requests})
    persons = people.read_standing({request.profile_id for request in requests})
    for request in requests:
        _check(request, versions, persons)
    number, policy = policy_in_force()
    intents = [
        _intent(place, request, versions, persons, policy) for place, request in enumerate(requests)
    ]
    return Grounds(intents, {person.id: person for person in persons.values()}, policy, number)


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
    place: int,
    request: MessageRequest,
    versions: Mapping[str, tuple[str, int]],
    persons: Mapping[int, Person],
    policy: Policy,
) -> Intent:
    return Intent(
        id=place,
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


def row_of(
    request: MessageRequest, intent: Intent, verdict: Verdict, facts: MessageFacts, now: datetime
) -> Message:
    """The row of a wish with the gate's answer."""
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
