"""What the gate is told: the policy in force, and the facts about a batch in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from cavaco_plugin.consent.resolution import WITHDRAWN, Standing, resolve
from cavaco_plugin.consent.topics import EVERY_TOPIC
from cavaco_plugin.policy import addresses, consents, subjects
from cavaco_plugin.policy.definition import DEFAULT_POLICY, Policy, read_policy
from cavaco_plugin.policy.facts import MessageFacts
from cavaco_plugin.policy.intent import Intent, Stop
from cavaco_plugin.policy.models import PolicyVersion
from cavaco_plugin.policy.people import Person
from cavaco_plugin.policy.rows import fetch, numbers

RINGS = "SELECT profile_id, sends FROM cavaco_cap_ring WHERE profile_id = ANY(%s::bigint[])"


class PolicyInForce(NamedTuple):
    """The policy and the number of its version; 0 is the default, which no version has replaced."""

    number: int
    policy: Policy


def policy_in_force() -> PolicyInForce:
    """The newest version."""
    row = PolicyVersion.objects.order_by("-number").values_list("number", "definition").first()
    return (
        PolicyInForce(0, DEFAULT_POLICY)
        if row is None
        else PolicyInForce(row[0], read_policy(row[1]))
    )


def load_facts(
    *,
    messages: Sequence[Intent],
    people: Mapping[int, Person],
    stops: Mapping[str, Stop],
    stage: str,
    now: datetime,
) -> dict[int, MessageFacts]:
    """Message id → everything the gate may look at, in as many queries for a thousand as for one.

    At the claim stage `people` must be locked: what is read here is then what holds until the claim commits.
    """
    told = [message for message in messages if message.profile_id in people]
    points = addresses.contact_points({message.profile_id for message in told})
    to = addresses.addresses_for(told, points)
    standings = consents.standings(profile_ids=points.keys(), channels={m.channel for m in told})
    suppressed = consents.suppressions({(m.channel, to[m.id]) for m in told if to[m.id]})
    rings = _rings(list(points))
    about = subjects.load(messages=told, points=points, stage=stage)
    facts = {}
    for message in told:
        person = people[message.profile_id]
        said = standings.get(person.id, ())
        stop = stops.get(message.channel)
        facts[message.id] = MessageFacts(
            message_id=message.id,
            profile_id=person.id,
            stage=stage,
            channel=message.channel,
            purpose=message.purpose,
            topic=message.topic,
            address=to[message.id],
            template_purpose=about.template_purposes.get(message.template_version_id, ""),
            is_profile_erased=person.erased_at is not None,
            consent=_consent(said, message, message.topic),
            has_left_channel=_consent(said, message, EVERY_TOPIC) == WITHDRAWN,
            answers_keyword="keyword" in message.subject,
            asks_to_confirm="opt_in" in message.subject,
            suppressions=suppressed.get((message.channel, to[message.id]), ()),
            paused_until=person.paused_until,
            personal_cap=person.personal_cap,
            sends=tuple(rings.get(person.id, ())),
            time_zone=person.time_zone,
            country=person.country,
            purchased_at=about.purchases.get(message.id),
            is_being_bought=message.subject.get("checkout") in about.being_completed,
            void_reason=about.void_reason(message),
            is_flow_stopped=message.flow_id in about.stopped_flows,
            channel_stopped_reason=stop.reason if stop else "",
            channel_retry_at=stop.retry_at if stop else None,
            expires_at=message.expires_at,
            is_test=message.is_test,
        )
    return facts


def _rings(profile_ids: list[int]) -> dict[int, list[int]]:
    return dict(fetch(RINGS, [numbers(profile_ids)]))


def _consent(said: Sequence[Standing], message: Intent, topic: str) -> str:
    if not said:
        return ""
    return resolve(said, channel=message.channel, topic=topic, sales_channel=message.sales_channel)
