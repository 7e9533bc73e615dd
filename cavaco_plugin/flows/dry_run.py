"""What a flow would do with one person from now on, decision by decision. Nothing is written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.effects import SendMessage, UpdateProfile
from cavaco_plugin.flows.engine import Advance, advance
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import Entered, EventArrived, Run, Stimulus, TimerFired

# A dry run of a flow that goes round stops here.
MOST_MOVES = 200


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What the gate would say of a message, as far as it can be known beforehand."""

    verdict: str
    reason: str = ""
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AssumedEvent:
    """An event the dry run pretends will happen at `at`."""

    at: datetime
    kind: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DryRunLine:
    """One decision. `would_send_at` is set for messages, None where the gate would drop it."""

    at: datetime
    step_id: str
    sentence: str
    action: str
    inputs: Mapping[str, object]
    channel: str = ""
    template: str = ""
    would_send_at: datetime | None = None
    expires_at: datetime | None = None
    gate: GateAnswer | None = None


AskGate = Callable[[SendMessage], GateAnswer | None]


@dataclass(frozen=True, slots=True)
class DryRun:
    """The decisions in order, and how the run ends (live: it was cut off)."""

    lines: tuple[DryRunLine, ...]
    run: Run


def simulate(
    *,
    definition: FlowDefinition,
    run: Run,
    facts: Facts,
    ask_gate: AskGate | None = None,
    events: Iterable[AssumedEvent] = (),
) -> DryRun:
    """Play the flow from `run.entered_at`. Time jumps from wait to wait.

    Facts stay as they are; traits that the flow sets are seen by its later steps.
    """
    lines: list[DryRunLine] = []
    pending = sorted(events, key=lambda event: event.at)
    now: datetime = run.entered_at
    stimulus: Stimulus = Entered(run.entered_at)
    for _ in range(MOST_MOVES):
        moved = advance(definition=definition, run=run, stimulus=stimulus, facts=facts, now=now)
        lines += _lines(definition, moved, now, ask_gate)
        run, facts = moved.run, _with_traits(facts, moved)
        if not run.is_live or run.due_at is None:
            break
        now, stimulus = _next(run, pending)
    return DryRun(tuple(lines), run)


def _next(run: Run, pending: list[AssumedEvent]) -> tuple[datetime, Stimulus]:
    """The earlier of the timer and the next assumed event."""
    if pending and run.due_at and pending[0].at < run.due_at:
        event = pending.pop(0)
        return event.at, EventArrived(event.kind, event.data)
    return run.due_at or run.entered_at, TimerFired(run.revision)


def _lines(
    definition: FlowDefinition, moved: Advance, now: datetime, ask_gate: AskGate | None
) -> list[DryRunLine]:
    messages = iter(effect for effect in moved.effects if isinstance(effect, SendMessage))
    lines = []
    for entry in moved.trace:
        step = definition.by_id.get(entry.step_id)
        sentence = step.sentence() if step else ""
        line = DryRunLine(now, entry.step_id, sentence, entry.action, entry.detail)
        if entry.action == "send":
            line = _message_line(line, next(messages), ask_gate)
        lines.append(line)
    return lines


def _message_line(line: DryRunLine, message: SendMessage, ask_gate: AskGate | None) -> DryRunLine:
    gate = ask_gate(message) if ask_gate else None
    send_at: datetime | None = message.due_at
    if gate is not None:
        send_at = {"allow": message.due_at, "hold": gate.hold_until}.get(gate.verdict)
    if send_at is not None and send_at > message.expires_at:
        send_at = None
    return DryRunLine(
        line.at,
        line.step_id,
        line.sentence,
        line.action,
        line.inputs,
        channel=message.channel,
        template=message.template,
        would_send_at=send_at,
        expires_at=message.expires_at,
        gate=gate,
    )


def _with_traits(facts: Facts, moved: Advance) -> Facts:
    for effect in moved.effects:
        if isinstance(effect, UpdateProfile):
            facts = facts.with_traits(effect.traits)
    return facts
