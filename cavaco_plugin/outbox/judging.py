"""Ask the gate about one message after the other, remembering what those before it have used up. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from cavaco_plugin.channels.breaker import Permit
from cavaco_plugin.policy import ring
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict
from cavaco_plugin.policy.gate import decide

PROBING = "the provider is being tried with one message first"


class Said(NamedTuple):
    """The gate's answer, where the message would go, and the place it took under the caps."""

    verdict: Verdict
    address: str
    cap_entry: int | None = None


@dataclass
class Judge:
    """Decides a batch in the order given, the more urgent first: two for one person share one cap."""

    policy: Policy
    permits: Mapping[str, Permit]
    now: datetime
    allowed: Counter[str] = field(default_factory=Counter)
    taken: list[tuple[int, int]] = field(default_factory=list)
    _of_person: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def ask(self, facts: MessageFacts) -> Said:
        """The answer about one message; a yes takes its place."""
        before = self._of_person.get(facts.profile_id)
        if before:
            facts = facts._replace(sends=tuple(sorted((*facts.sends, *before))))
        verdict = decide(self._with_probe(facts), self.policy, self.now)
        if verdict.verdict != "allow":
            return Said(verdict, facts.address)
        self.allowed[facts.channel] += 1
        return Said(verdict, facts.address, self._take_place(facts))

    def _with_probe(self, facts: MessageFacts) -> MessageFacts:
        """While a provider is being tried, all but the first few wait."""
        permit = self.permits.get(facts.channel)
        if permit is None or permit.at_most is None or self.allowed[facts.channel] < permit.at_most:
            return facts
        if facts.channel_stopped_reason:
            return facts
        return facts._replace(
            channel_stopped_reason=PROBING, channel_retry_at=permit.breaker.retry_at
        )

    def _take_place(self, facts: MessageFacts) -> int | None:
        if facts.is_test or facts.purpose not in self.policy.counted:
            return None
        entry = ring.free_entry(
            taken=facts.sends, at=self.now, channel=facts.channel, topic=facts.topic
        )
        self._of_person[facts.profile_id].append(entry)
        self.taken.append((facts.profile_id, entry))
        return entry
