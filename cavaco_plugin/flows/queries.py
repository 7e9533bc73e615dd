"""What the rest of the code asks about flows."""

from django.db.models import Count, Q, QuerySet

from cavaco_plugin.content.models import Template
from cavaco_plugin.flows import versions
from cavaco_plugin.flows.candidates import OpenFlow
from cavaco_plugin.flows.models import Enrolment, Flow, PathEntry


def flows(*, using: str | None = None) -> QuerySet[Flow]:
    """Every flow with its active version, newest first."""
    return Flow.objects.using(using).select_related("active_version").order_by("-created_at", "-id")


def open_flows() -> list[OpenFlow]:
    """The flows that take people in."""
    rows = Flow.objects.filter(
        status=Flow.Status.ACTIVE, active_version__isnull=False, activated_at__isnull=False
    ).values_list("id", "active_version_id", "activated_at")
    listed = [(pk, version, at) for pk, version, at in rows if version and at]
    definitions = versions.definitions_of({version for _, version, _ in listed})
    return [OpenFlow(pk, version, at, definitions[version]) for pk, version, at in listed]


def counts_of(*, flow: Flow, using: str | None = None) -> dict[str, int]:
    """How many people are inside, ever came in, and reached the goal."""
    states = Enrolment.State
    return (
        Enrolment.objects.using(using)
        .filter(flow=flow)
        .aggregate(
            live=Count("id", filter=Q(state=states.LIVE)),
            entered=Count("id"),
            goal=Count("id", filter=Q(state=states.GOAL)),
        )
    )


def live_by_step(*, flow: Flow, using: str | None = None) -> dict[str, int]:
    """Step id → how many people wait there now."""
    live = Enrolment.objects.using(using).filter(flow=flow, state=Enrolment.State.LIVE)
    return dict(live.values_list("step_id").annotate(Count("id")).order_by("step_id"))


def path_of(*, enrolment_id: int, using: str | None = None) -> QuerySet[PathEntry]:
    """Everything the engine did with one enrolment, in order."""
    return PathEntry.objects.using(using).filter(enrolment_id=enrolment_id).order_by("id")


def published_templates() -> dict[str, str]:
    """Template key → channel, of the templates that can be sent."""
    rows = Template.objects.filter(active_version__isnull=False)
    return dict(rows.values_list("key", "channel"))
