"""A message is transactional only if its template was validated as such."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop
from cavaco_plugin.policy.purposes import PURPOSES, TRANSACTIONAL

RULE = "purpose"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop what claims a purpose that would let it pass where its template may not."""
    claims_too_much = facts.purpose == TRANSACTIONAL and facts.template_purpose not in (
        "",
        TRANSACTIONAL,
    )
    if facts.purpose not in PURPOSES or claims_too_much:
        return drop(
            RULE, reasons.PURPOSE_MISMATCH, purpose=facts.purpose, template=facts.template_purpose
        )
    return None
