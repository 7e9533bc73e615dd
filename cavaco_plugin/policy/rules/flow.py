"""A flow that was stopped sends nothing more."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop

RULE = "flow"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop what a paused or withdrawn flow still had waiting."""
    return drop(RULE, reasons.FLOW_STOPPED) if facts.is_flow_stopped else None
