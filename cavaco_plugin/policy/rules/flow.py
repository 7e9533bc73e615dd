"""A paused flow sends nothing until it is activated again."""

from datetime import datetime, timedelta

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, hold

RULE = "flow"
# Nobody knows when a person will switch it on again, so we look from time to time.
LOOK_AGAIN_AFTER = timedelta(minutes=10)


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Hold what a paused flow has waiting; what expires meanwhile is dropped with this reason."""
    if not facts.is_flow_stopped:
        return None
    return hold(RULE, reasons.FLOW_STOPPED, at + LOOK_AGAIN_AFTER)
