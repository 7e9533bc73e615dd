"""Nothing goes to a person who was erased, or who has no address on the channel."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop

RULE = "recipient"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop what has nobody to go to."""
    if facts.is_profile_erased:
        return drop(RULE, reasons.ERASED)
    if not facts.address:
        return drop(RULE, reasons.NO_ADDRESS, channel=facts.channel)
    return None
