"""Nobody is asked to finish a purchase they have made."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop

RULE = "conversion"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop what a committed order has made untrue."""
    if facts.purchased_at is None:
        return None
    return drop(RULE, reasons.CONVERTED, purchased_at=facts.purchased_at.isoformat())
