"""How messages ended, by flow step and by reason."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from cavaco_plugin.analytics.models import DailyCount


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many messages of one step of a flow ended in one state."""

    step_id: str
    channel: str
    state: str
    messages: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many messages were not sent for one reason, or failed for it."""

    reason: str
    state: str
    messages: int


def counts_by_step(*, flow_id: int, first_day: date, last_day: date) -> list[StepCount]:
    """The funnel of one flow between two days, both included."""
    rows = (
        _between(first_day, last_day)
        .filter(flow_id=flow_id)
        .values_list("step_id", "channel", "state")
        .annotate(total=Sum("messages"))
        .order_by("step_id", "channel", "state")
    )
    return [StepCount(*row) for row in rows]


def counts_by_reason(
    *, first_day: date, last_day: date, flow_id: int | None = None
) -> list[ReasonCount]:
    """Why messages did not arrive between two days, both included; the commonest reason first."""
    rows = _between(first_day, last_day).exclude(reason="")
    if flow_id is not None:
        rows = rows.filter(flow_id=flow_id)
    totals = (
        rows.values_list("reason", "state")
        .annotate(total=Sum("messages"))
        .order_by("-total", "reason", "state")
    )
    return [ReasonCount(*row) for row in totals]


def _between(first_day: date, last_day: date) -> QuerySet[DailyCount]:
    return DailyCount.objects.filter(day__gte=first_day, day__lte=last_day)
