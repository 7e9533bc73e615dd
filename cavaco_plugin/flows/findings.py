"""What is wrong with a definition that reads well: told before anybody is inside."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from cavaco_plugin.consent.topics import TOPICS
from cavaco_plugin.flows import graph
from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.durations import words
from cavaco_plugin.flows.finding import Finding
from cavaco_plugin.flows.steps.send_message import SendMessage
from cavaco_plugin.flows.steps.split import Split
from cavaco_plugin.store.changes import ChangeKind

# The longest quiet hours usual: a message that expires sooner may never leave the night.
A_NIGHT = timedelta(hours=12)


def check(
    *, definition: FlowDefinition, templates: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Every finding, errors first.

    `templates`: template key → channel of those that exist; None leaves templates unchecked.
    """
    found = [
        *_duplicate_ids(definition),
        *_missing_targets(definition),
        *_cycles(definition),
        *_unreachable(definition),
        *_splits(definition),
        *_messages(definition, templates),
        *_topic(definition),
        *_goal(definition),
    ]
    return tuple(sorted(found, key=lambda finding: finding.level != "error"))


def _duplicate_ids(definition: FlowDefinition) -> Iterator[Finding]:
    counts = Counter(step.id for step in definition.steps)
    for index, step in enumerate(definition.steps):
        if counts[step.id] > 1:
            said = f"{counts[step.id]} steps are called {step.id!r}."
            yield Finding(
                f"steps[{index}].id", "duplicate_id", said, "Give each a name of its own."
            )


def _missing_targets(definition: FlowDefinition) -> Iterator[Finding]:
    known = definition.by_id
    remedy = "Name a step that exists, or null to end the flow."
    if definition.start not in known:
        said = f"There is no step {definition.start!r} to start with."
        yield Finding("start", "missing_target", said, "Name a step that exists.")
    for index, step in enumerate(definition.steps):
        for field, target in step.targets():
            if target is not None and target not in known:
                said = f"There is no step {target!r}."
                yield Finding(f"steps[{index}].{field}", "missing_target", said, remedy)


def _cycles(definition: FlowDefinition) -> Iterator[Finding]:
    cycle = graph.restless_cycle(definition.by_id, [step.id for step in definition.steps])
    if cycle:
        said = f"{' → '.join((*cycle, cycle[0]))} is a circle without a wait."
        path = f"steps[{_index(definition, cycle[0])}]"
        yield Finding(path, "cycle_without_wait", said, "Put a delay into it, or break it.")


def _unreachable(definition: FlowDefinition) -> Iterator[Finding]:
    found = graph.reachable(definition.by_id, definition.start)
    for index, step in enumerate(definition.steps):
        if step.id not in found and definition.start in definition.by_id:
            said = f"No way leads to {step.id!r}."
            yield Finding(
                f"steps[{index}]", "unreachable", said, "Lead to it or take it out.", "warning"
            )


def _splits(definition: FlowDefinition) -> Iterator[Finding]:
    for index, step in enumerate(definition.steps):
        if not isinstance(step, Split):
            continue
        path = f"steps[{index}].branches"
        if not any(branch.weight for branch in step.branches):
            said = "Every branch has weight 0."
            yield Finding(path, "weights_zero", said, "Give at least one branch a weight.")
        names = Counter(branch.name for branch in step.branches)
        for name in (name for name, count in names.items() if count > 1):
            said = f"Two branches are called {name!r}."
            yield Finding(path, "duplicate_branch", said, "Give each a name of its own.")


def _messages(definition: FlowDefinition, templates: Mapping[str, str] | None) -> Iterator[Finding]:
    for index, step in enumerate(definition.steps):
        if isinstance(step, SendMessage):
            yield from _message(f"steps[{index}]", step, definition.purpose, templates)


def _message(
    path: str, step: SendMessage, purpose: str, templates: Mapping[str, str] | None
) -> Iterator[Finding]:
    channel = templates.get(step.template) if templates is not None else step.channel
    if channel is None:
        said = f"There is no template {step.template!r}."
        yield Finding(f"{path}.template", "missing_template", said, "Write it, or name another.")
    elif channel != step.channel:
        said = f"Template {step.template!r} is for {channel}, not for {step.channel}."
        remedy = f"Set `channel` to {channel}, or name another template."
        yield Finding(f"{path}.channel", "wrong_channel", said, remedy)
    if step.expires_after < A_NIGHT and purpose == "marketing":
        said = f"The message expires after {words(step.expires_after)}: one held overnight is lost."
        remedy = f"Let it live at least {words(A_NIGHT)}."
        yield Finding(f"{path}.expires_after", "expires_overnight", said, remedy, "warning")


def _topic(definition: FlowDefinition) -> Iterator[Finding]:
    sends = [step for step in definition.steps if isinstance(step, SendMessage)]
    topic = TOPICS.get(definition.topic)
    remedy = f"Use one of: {', '.join(TOPICS)}."
    if definition.topic and topic is None:
        said = f"There is no topic {definition.topic!r}."
        yield Finding("topic", "unknown_topic", said, remedy)
    elif topic and topic.purpose != definition.purpose:
        said = f"Topic {topic.key!r} is {topic.purpose}, the flow is {definition.purpose}."
        yield Finding("purpose", "wrong_purpose", said, f"Set `purpose` to {topic.purpose}.")
    elif sends and topic is None:
        channels = ", ".join(sorted({step.channel for step in sends}))
        said = f"The flow sends by {channels} and has no topic people could opt out of."
        yield Finding("topic", "missing_topic", said, remedy)


def _goal(definition: FlowDefinition) -> Iterator[Finding]:
    found = graph.reachable(definition.by_id, definition.start)
    rests = any(step.waits for step in definition.steps if step.id in found)
    if definition.goal and not rests:
        said = "Every run ends in the moment it begins, so the goal can never be reached."
        yield Finding("goal", "goal_never_possible", said, "Add a wait.", "warning")
    elif definition.goal and definition.goal.event == _only_once(definition):
        said = "The goal has already happened when somebody comes in."
        yield Finding("goal", "goal_never_possible", said, "Name another event.", "warning")
    if definition.goal is None and definition.trigger.listens_to == ChangeKind.CHECKOUT_ACTIVITY:
        said = "A purchase does not end this flow."
        yield Finding("goal", "missing_goal", said, 'Add {"event": "order_placed"}.')


def _only_once(definition: FlowDefinition) -> ChangeKind | None:
    """The trigger's event where it happens once for the run's subject."""
    once = {ChangeKind.ORDER_FULFILLED, ChangeKind.CONSENT_GRANTED}
    event = definition.trigger.listens_to
    return event if event in once else None


def _index(definition: FlowDefinition, step_id: str) -> int:
    return next(i for i, step in enumerate(definition.steps) if step.id == step_id)
