"""The one place that says yes, no or later: a pure function of facts, policy and moment."""

from datetime import datetime

from cavaco_plugin.policy.definition import Policy
from cavaco_plugin.policy.facts import MessageFacts, Verdict
from cavaco_plugin.policy.rules import FINAL, WAITING


def decide(facts: MessageFacts, policy: Policy, now: datetime) -> Verdict:
    """Whether this message may go out at `now`.

    A hold ends at the first moment that none of today's facts speaks against; the facts are loaded
    and judged anew then. What would outlive the message is dropped at once, with the reason why it
    had to wait.
    """
    for rule in FINAL:
        verdict = rule(facts, policy, now)
        if verdict is not None:
            return verdict
    return _wait(facts, policy, now)


def _wait(facts: MessageFacts, policy: Policy, now: datetime) -> Verdict:
    at = now
    waits: list[tuple[datetime, Verdict]] = []
    for rule in WAITING:
        verdict = rule(facts, policy, at)
        if verdict is None:
            continue
        if verdict.hold_until is None:
            return verdict
        waits.append((at, verdict))
        at = verdict.hold_until
    if not waits:
        return Verdict("allow", inputs={"consent": facts.consent, "sends": len(facts.sends)})
    return _together(waits, at, facts.expires_at)


def _together(
    waits: list[tuple[datetime, Verdict]], until: datetime, expires_at: datetime | None
) -> Verdict:
    """One verdict for all waits: the rule that adds most to the wait gives the reason."""
    _, chief = max(waits, key=lambda wait: _length(*wait))
    inputs = dict(chief.inputs)
    others = [verdict.rule for _, verdict in waits if verdict is not chief]
    if others:
        inputs["also"] = others
    if expires_at is not None and until >= expires_at:
        inputs |= {"would_wait_until": until.isoformat(), "expires_at": expires_at.isoformat()}
        return Verdict("drop", chief.rule, chief.reason, None, inputs)
    return Verdict("hold", chief.rule, chief.reason, until, inputs)


def _length(began: datetime, verdict: Verdict) -> float:
    assert verdict.hold_until is not None
    return (verdict.hold_until - began).total_seconds()
