"""Marketing needs what the law of the person's country asks for; who left a channel altogether is left alone."""

from datetime import datetime

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop
from cavaco_plugin.policy.purposes import TRANSACTIONAL

RULE = "consent"
WITHDRAWN = "withdrawn"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Drop marketing without its basis, and anything but e-mail to who left the channel.

    An order's own e-mail still arrives after "no more marketing"; a text message after STOP never
    does, whatever it says, but for the one that answers it, or asks
    whether they want to come back.
    """
    if facts.purpose == TRANSACTIONAL:
        has_left = facts.has_left_channel and facts.channel != "email"
        if has_left and not (facts.answers_keyword or facts.asks_to_confirm):
            return _refusal(facts, reasons.CONSENT_WITHDRAWN, "none")
        return None
    if facts.consent == "granted":
        return None
    basis = policy.basis(country=facts.country, channel=facts.channel)
    if facts.consent == WITHDRAWN:
        return _refusal(facts, reasons.CONSENT_WITHDRAWN, basis)
    if basis == "opt_out" and not facts.consent:
        return None
    return _refusal(facts, reasons.NO_CONSENT, basis)


def _refusal(facts: MessageFacts, reason: str, basis: str) -> Verdict:
    return drop(
        RULE, reason, consent=facts.consent, topic=facts.topic, basis=basis, country=facts.country
    )
