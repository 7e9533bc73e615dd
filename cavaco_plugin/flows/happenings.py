"""What a change in the shop means to somebody inside a flow. Pure."""

from collections.abc import Mapping

from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.run import Cancelled, EventArrived, GoalReached, Run, Stimulus
from cavaco_plugin.policy import reasons
from cavaco_plugin.store.changes import ChangeKind, StoreChange

# Why the messages still waiting are dropped when the event ends a run.
REASONS = {
    ChangeKind.ORDER_PLACED: reasons.CONVERTED,
    ChangeKind.CHECKOUT_COMPLETED: reasons.CONVERTED,
    ChangeKind.CHECKOUT_EMPTIED: reasons.CHECKOUT_GONE,
    ChangeKind.ORDER_REFUNDED: reasons.ORDER_REFUNDED,
    ChangeKind.ORDER_CANCELLED: reasons.ORDER_CANCELLED,
    ChangeKind.CUSTOMER_DELETED: reasons.ERASED,
}


def stimulus_of(
    definition: FlowDefinition, run: Run, subject: Mapping[str, str], change: StoreChange
) -> Stimulus | None:
    """What the change does to this run; None where it does nothing."""
    reason = REASONS.get(change.kind, change.kind.value)
    is_same = is_about(subject, change)
    if change.kind == ChangeKind.CUSTOMER_DELETED:
        return Cancelled(reason)
    if _reaches_goal(definition, run, change, is_same=is_same):
        return GoalReached(reason)
    for way_out in definition.exits:
        if change.kind == way_out.event and (is_same or not way_out.same_subject):
            return Cancelled(reason)
    if change.at >= run.triggered_at and _waits_for(definition, run, change.kind):
        return EventArrived(change.kind, {**change.subject, **change.data})
    return None


def is_about(subject: Mapping[str, str], change: StoreChange) -> bool:
    """Whether the change is about the run's own checkout or order, or the order made of it."""
    told = {**change.subject}
    if change.data.get("checkout"):
        told["checkout"] = change.data["checkout"]
    return any(subject.get(kind) == name for kind, name in told.items())


def _reaches_goal(
    definition: FlowDefinition, run: Run, change: StoreChange, *, is_same: bool
) -> bool:
    """An order of the run's own checkout counts whenever it was placed; others from the trigger on."""
    if definition.goal is None:
        return False
    event = definition.goal.event
    if event == ChangeKind.ORDER_PLACED and change.kind == ChangeKind.CHECKOUT_COMPLETED:
        return is_same
    return change.kind == event and (is_same or change.at >= run.triggered_at)


def _waits_for(definition: FlowDefinition, run: Run, kind: ChangeKind) -> bool:
    step = definition.by_id.get(run.step_id)
    return step is not None and step.hears(kind)
