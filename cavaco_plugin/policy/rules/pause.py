"""Who asked for a pause gets one."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, hold
from cavaco_plugin.policy.purposes import TRANSACTIONAL

RULE = "pause"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Hold marketing until the pause is over."""
    until = facts.paused_until
    if until is None or until <= at or facts.purpose == TRANSACTIONAL:
        return None
    return hold(RULE, reasons.PAUSED, until)
