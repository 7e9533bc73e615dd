"""Nothing goes to a suppressed address, whatever its purpose."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop
from cavaco_plugin.policy.purposes import TRANSACTIONAL

RULE = "suppression"
# The answer to the STOP that closed the number is the last text that goes there.
OPT_OUT = "carrier_opt_out"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop what would go to an address that bounced, complained, opted out or was put on the list."""
    is_answer = facts.answers_keyword and facts.purpose == TRANSACTIONAL
    standing = [each for each in facts.suppressions if not (is_answer and each == OPT_OUT)]
    if standing:
        return drop(RULE, reasons.SUPPRESSED, suppressions=standing)
    return None
