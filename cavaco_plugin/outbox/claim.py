"""Take what is due, ask the gate again on facts that hold until the commit, and lease what may go.

One transaction, and as many statements for a thousand messages as for one. Messages are locked
before people here, against the order everywhere else; so it never waits for a person: who is being
changed by somebody else is left for the next round.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from cavaco_plugin.channels.breaker import Permit
from cavaco_plugin.kernel.ids import new_public_id
from cavaco_plugin.outbox import claim_rows, decisions, ways
from cavaco_plugin.outbox.claim_rows import Claimed, Due
from cavaco_plugin.outbox.decisions import Decided
from cavaco_plugin.outbox.judging import Judge
from cavaco_plugin.outbox.ways import Way
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.policy import people, reasons
from cavaco_plugin.policy.facts import Verdict
from cavaco_plugin.policy.intent import Stop
from cavaco_plugin.policy.people import Person
from cavaco_plugin.policy.queries import load_facts, policy_in_force

LEASE = timedelta(minutes=5)
STOPPED = {reasons.CHANNEL_OFF, reasons.FLOW_STOPPED}


@dataclass(frozen=True, slots=True)
class Batch:
    """What a claim took: the messages to send, and how many wait on or were dropped."""

    claimed: list[Claimed] = field(default_factory=list)
    ways: dict[str, Way] = field(default_factory=dict)
    held: int = 0
    dropped: int = 0


def claim(*, now: datetime, limit: int = 1000) -> Batch:
    """Claim up to `limit` due messages for this worker."""
    with transaction.atomic():
        due = claim_rows.lock_due(now=now, limit=limit)
        if not due:
            return Batch()
        return _judge(due, now)


def _judge(due: list[Due], now: datetime) -> Batch:
    present = people.lock_free({message.intent.profile_id for message in due})
    due = _of_standing_people(due, present)
    found = ways.find({message.intent.channel for message in due})
    permits = ways.take_permits(found, now=now)
    facts = load_facts(
        messages=[message.intent for message in due],
        people=present,
        stops=_stops(found, permits, now),
        stage="claim",
        now=now,
    )
    in_force = policy_in_force()
    judge = Judge(policy=in_force.policy, permits=permits, now=now)
    judged = [(message, judge.ask(facts[message.intent.id])) for message in due]
    claimed = claim_rows.write(
        judged=judged,
        people=present,
        providers={channel: way.provider for channel, way in found.items()},
        token=new_public_id(),
        lease_until=now + LEASE,
        now=now,
    )
    policy.reserve(places=judge.taken, now=now)
    decisions.record(
        decided=[
            Decided(message.intent.id, said.verdict)
            for message, said in judged
            if _is_news(message, said.verdict)
        ],
        stage="claim",
        policy_number=in_force.number,
        now=now,
    )
    _mark_probes(found, permits, judge, now)
    verdicts = [said.verdict.verdict for _, said in judged]
    return Batch(claimed, found, verdicts.count("hold"), verdicts.count("drop"))


def _of_standing_people(due: list[Due], present: dict[int, Person]) -> list[Due]:
    """Those whose person is locked. Messages of who was merged away meanwhile follow to the winner."""
    strays = [
        m.intent.id for m in due if (p := present.get(m.intent.profile_id)) and p.merged_into_id
    ]
    if strays:
        claim_rows.follow_merges(strays)
    return [m for m in due if m.intent.profile_id in present and m.intent.id not in strays]


def _stops(found: dict[str, Way], permits: dict[str, Permit], now: datetime) -> dict[str, Stop]:
    stops = {
        channel: Stop(way.problem, None) for channel, way in found.items() if way.active is None
    }
    for channel, permit in permits.items():
        if permit.at_most == 0:
            stops[channel] = ways.stopped(permit.breaker, retry_at=permit.ask_again_at)
    return stops


def _is_news(message: Due, verdict: Verdict) -> bool:
    """A channel or a flow that stays stopped is looked at every few minutes, and said so once."""
    return not (verdict.reason == message.reason and message.reason in STOPPED)


def _mark_probes(
    found: dict[str, Way], permits: dict[str, Permit], judge: Judge, now: datetime
) -> None:
    for channel, permit in permits.items():
        if permit.at_most and judge.allowed[channel]:
            ways.store(
                channel=channel, provider=found[channel].provider, breaker=permit.breaker, now=now
            )
