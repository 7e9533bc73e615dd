"""Somebody at the till is not asked to come to the till."""

from datetime import datetime, timedelta

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, hold

RULE = "being_bought"
LOOK_AGAIN_AFTER = timedelta(minutes=1)


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Hold what speaks of a checkout that is being completed this instant."""
    if not facts.is_being_bought:
        return None
    return hold(RULE, reasons.BEING_BOUGHT, at + LOOK_AGAIN_AFTER)
