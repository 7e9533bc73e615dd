"""The rules, in the order in which they are asked. Adding one is a file and a line here.

`FINAL` rules drop. The first that objects decides, so the weightier reason stands in the ledger:
what the law and the person say comes before what the shop knows, and that before the clock.

`WAITING` rules hold. All are asked, each at the moment to which those before it have moved the
message, so their order is that of dependence: quiet hours come last, because every other wait may
end in the night, and none of the others is undone by waiting for the morning.
"""

from collections.abc import Callable
from datetime import datetime

from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict
from cavaco_plugin.policy.rules import (
    being_bought,
    caps,
    channel,
    consent,
    conversion,
    expiry,
    flow,
    pause,
    purpose,
    quiet_hours,
    recipient,
    subject,
    suppression,
)

Rule = Callable[[MessageFacts, Policy, datetime], Verdict | None]

FINAL: tuple[Rule, ...] = (
    recipient.judge,  # nobody to write to: nothing else matters
    suppression.judge,  # forbidden for every purpose
    purpose.judge,  # before consent, which trusts the purpose
    consent.judge,
    subject.judge,  # untrue, by what happened to the thing itself
    conversion.judge,  # untrue, by what the person did since
    expiry.judge,  # last: any reason above says more than "too late"
)

WAITING: tuple[Rule, ...] = (
    being_bought.judge,
    channel.judge,
    flow.judge,
    pause.judge,
    caps.judge_personal,
    caps.judge,
    quiet_hours.judge,
)
