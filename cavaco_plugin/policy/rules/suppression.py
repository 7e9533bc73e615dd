"""Nothing goes to a suppressed address, whatever its purpose."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop

RULE = "suppression"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop what would go to an address that bounced, complained, opted out or was put on the list."""
    if facts.suppressions:
        return drop(RULE, reasons.SUPPRESSED, suppressions=list(facts.suppressions))
    return None
