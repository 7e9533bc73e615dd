"""Flows, their immutable versions, and the people inside."""

from django.db import models
from django.db.models import Q


class Flow(models.Model):
    """A drip flow. People inside finish on the version they entered with."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        PAUSED = "paused"

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    template_key = models.CharField(max_length=64, default="")
    active_version = models.ForeignKey(
        "cavaco.FlowVersion", models.PROTECT, null=True, related_name="+"
    )
    # Nothing that happened before this moment triggers the flow.
    activated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_flow"


class FlowVersion(models.Model):
    """One immutable definition of a flow."""

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="versions")
    number = models.IntegerField()
    definition = models.JSONField()
    checksum = models.CharField(max_length=32)
    # A release's own definition: the next release may replace it until the shop has changed it.
    is_shipped = models.BooleanField(default=False)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_flow_version"
        constraints = [
            models.UniqueConstraint(fields=["flow", "number"], name="cavaco_flow_number"),
        ]


class Enrolment(models.Model):
    """One person's way through one version of a flow."""

    class State(models.TextChoices):
        LIVE = "live"
        COMPLETED = "completed"
        GOAL = "goal"
        EXITED = "exited"
        FAILED = "failed"

    # Each index is one more write in every move: those below begin with these keys already.
    flow = models.ForeignKey(Flow, models.CASCADE, related_name="enrolments", db_index=False)
    version = models.ForeignKey(FlowVersion, models.PROTECT, db_index=False)
    profile = models.ForeignKey(
        "cavaco.Profile", models.CASCADE, related_name="enrolments", db_index=False
    )
    # The event that let the person in; the same event never enrols twice.
    entry_key = models.CharField(max_length=160)
    # Set while live, so that the database keeps two live runs of one thing apart.
    live_key = models.CharField(max_length=160, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    reason = models.CharField(max_length=64, default="")
    step_id = models.CharField(max_length=64, default="")
    revision = models.IntegerField(default=0)
    visits = models.JSONField(default=dict)
    subject = models.JSONField(default=dict)
    context = models.JSONField(default=dict)
    sales_channel = models.CharField(max_length=255, default="")
    entered_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cavaco_enrolment"
        constraints = [
            models.UniqueConstraint(fields=["flow", "entry_key"], name="cavaco_enrolment_once"),
            models.UniqueConstraint(
                fields=["flow", "live_key"],
                condition=Q(live_key__isnull=False),
                name="cavaco_enrolment_live",
            ),
        ]
        indexes = [
            models.Index(fields=["profile", "-entered_at"], name="cavaco_enrolment_person"),
        ]


class PathEntry(models.Model):
    """One thing the engine did with an enrolment, with the inputs it decided on."""

    # The index below serves the key too. The engine writes here with the enrolment locked, so a
    # constraint would check, for every move, what can not be otherwise.
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="path", db_index=False, db_constraint=False
    )
    revision = models.IntegerField()
    step_id = models.CharField(max_length=64)
    step_type = models.CharField(max_length=32)
    action = models.CharField(max_length=32)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_path_entry"
        indexes = [models.Index(fields=["enrolment", "id"], name="cavaco_path_enrolment")]


class Timer(models.Model):
    """When to look at something again, and the revision it was set for.

    kind "enrolment": subject is an Enrolment. kind "quiet": subject is a CheckoutCopy that the
    flow waits to fall quiet. A timer whose subject has moved on since does nothing.
    """

    class Kind(models.TextChoices):
        ENROLMENT = "enrolment"
        QUIET = "quiet"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    flow = models.ForeignKey(Flow, models.CASCADE, db_index=False)
    subject_id = models.BigIntegerField()
    revision = models.IntegerField()
    due_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_timer"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "flow", "subject_id"], name="cavaco_timer_once"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="cavaco_timer_due")]
