"""A message that comes too late does not come at all; asked again after every hold."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop

RULE = "expiry"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop what has outlived its time."""
    if facts.expires_at is None or facts.expires_at > at:
        return None
    return drop(RULE, reasons.EXPIRED, expires_at=facts.expires_at.isoformat())
