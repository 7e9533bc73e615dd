"""Nothing is offered to a provider that is down, throttling us or wrongly set up."""

from datetime import datetime, timedelta

from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict, hold

RULE = "channel"
# Where only a person's hand can mend it, nobody knows when: so we look again soon.
LOOK_AGAIN_AFTER = timedelta(minutes=10)


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Hold until the channel is to be tried again."""
    if not facts.channel_stopped_reason:
        return None
    until = facts.channel_retry_at or at + LOOK_AGAIN_AFTER
    if until <= at:
        return None
    return hold(RULE, reasons.CHANNEL_OFF, until, because=facts.channel_stopped_reason)
