"""One row for each intended send, made before any provider hears of it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from cavaco_plugin.kernel.ids import new_public_id


class Message(models.Model):
    """One intended send on one channel (a delivery), from intention to final state."""

    # Every index is written to each time a message moves on; so there is none that nobody asks by.
    public_id = models.CharField(max_length=20, default=new_public_id)
    idempotency_key = models.CharField(max_length=200)
    profile = models.ForeignKey(
        "cavaco.Profile", models.CASCADE, related_name="messages", db_index=False
    )
    channel = models.CharField(max_length=16)
    purpose = models.CharField(max_length=16)
    topic = models.CharField(max_length=64)
    template_key = models.CharField(max_length=64)
    template_version = models.ForeignKey("cavaco.TemplateVersion", models.PROTECT, db_index=False)
    sales_channel = models.CharField(max_length=255, default="")
    # Where it comes from: ("flow", enrolment id); later ("campaign", occurrence id).
    origin = models.CharField(max_length=16)
    flow = models.ForeignKey("cavaco.Flow", models.SET_NULL, null=True, db_index=False)
    enrolment = models.ForeignKey("cavaco.Enrolment", models.SET_NULL, null=True, db_index=False)
    step_id = models.CharField(max_length=64, default="")
    # References re-read at rendering: {"checkout": token} or {"order": id}.
    subject = models.JSONField(default=dict)
    # The moment after which a purchase makes the message untrue; None where none does.
    purchase_proof_since = models.DateTimeField(null=True)
    is_test = models.BooleanField(default=False)

    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=32, default="")
    priority = models.SmallIntegerField(default=50)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    claim_token = models.CharField(max_length=20, default="")
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    # The entry this message holds in the person's cap ring; None when it holds none.
    cap_entry = models.BigIntegerField(null=True)

    address = models.CharField(max_length=254, default="")
    language = models.CharField(max_length=35, default="")
    provider = models.CharField(max_length=32, default="")
    provider_message_id = models.CharField(max_length=255, default="")
    parts = models.SmallIntegerField(null=True)
    price = models.DecimalField(max_digits=12, decimal_places=5, null=True)
    price_currency = models.CharField(max_length=3, default="")

    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cavaco_message"
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="cavaco_message_public"),
            models.UniqueConstraint(fields=["idempotency_key"], name="cavaco_message_once"),
        ]
        indexes = [
            # What is due, in its order; and, being few, what workers hold.
            models.Index(
                fields=["state", "priority", "due_at"],
                name="cavaco_message_open",
                condition=Q(final_at__isnull=True),
            ),
            models.Index(fields=["profile", "-id"], name="cavaco_message_person"),
            models.Index(fields=["enrolment"], name="cavaco_message_enrolment"),
            models.Index(
                fields=["provider", "provider_message_id"],
                name="cavaco_message_provider",
                condition=~Q(provider_message_id=""),
            ),
            # For the roll-up: a page an index, so that it costs the hot path nothing.
            BrinIndex(fields=["final_at"], name="cavaco_message_final", autosummarize=True),
        ]


class Decision(models.Model):
    """What the gate said of a message, by which rule and on which facts.

    The database does not check the reference, for that would cost more than writing the row; rows
    of a message go with it, as Django deletes them.
    """

    message = models.ForeignKey(
        Message, models.CASCADE, related_name="decisions", db_index=False, db_constraint=False
    )
    stage = models.CharField(max_length=10)
    verdict = models.CharField(max_length=6)
    reason = models.CharField(max_length=32, default="")
    rule = models.CharField(max_length=32, default="")
    hold_until = models.DateTimeField(null=True)
    inputs = models.JSONField(default=dict)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_decision"
        indexes = [models.Index(fields=["message", "id"], name="cavaco_decision_message")]


class Attempt(models.Model):
    """One call to a provider for one message, and what came of it. See Decision for the reference."""

    message = models.ForeignKey(
        Message, models.CASCADE, related_name="attempt_rows", db_index=False, db_constraint=False
    )
    number = models.SmallIntegerField()
    provider = models.CharField(max_length=32)
    outcome = models.CharField(max_length=14)
    code = models.CharField(max_length=64, default="")
    detail = models.TextField(default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_attempt"
        indexes = [models.Index(fields=["message", "number"], name="cavaco_attempt_message")]
