"""A message about an order or a cart that no longer stands would be untrue."""

from datetime import datetime

from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop

RULE = "subject"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop what speaks of a refunded or cancelled order, or of a cart that is gone."""
    return drop(RULE, facts.void_reason) if facts.void_reason else None
