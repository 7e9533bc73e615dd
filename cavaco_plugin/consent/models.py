"""What people allowed, and the addresses we must never write to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cavaco_plugin.consent import resolution
from cavaco_plugin.kernel.ids import new_public_id


class ConsentChange(models.TextChoices):
    """What a record says; only `granted` lets a marketing message through."""

    PENDING = resolution.PENDING
    GRANTED = resolution.GRANTED
    WITHDRAWN = resolution.WITHDRAWN


class ConsentRecord(models.Model):
    """One statement of a person about a channel and a topic. Append-only, by a trigger too."""

    profile = models.ForeignKey("cavaco.Profile", models.CASCADE, related_name="consent_records")
    channel = models.CharField(max_length=16)
    topic = models.CharField(max_length=64)
    # "" means every sales channel of the shop.
    sales_channel = models.CharField(max_length=255, default="")
    address = models.CharField(max_length=254, default="")
    state = models.CharField(max_length=10, choices=ConsentChange.choices)
    source = models.CharField(max_length=64)
    wording = models.TextField(default="")
    wording_version = models.CharField(max_length=64, default="")
    ip_address = models.GenericIPAddressField(null=True)
    proof = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=200, unique=True)

    class Meta:
        db_table = "cavaco_consent_record"
        indexes = [
            models.Index(fields=["profile", "channel", "topic"], name="cavaco_consent_person"),
        ]


class ConsentState(models.Model):
    """The sum of a person's records for one channel, topic and sales channel, read at each claim."""

    profile = models.ForeignKey("cavaco.Profile", models.CASCADE, related_name="consent_states")
    channel = models.CharField(max_length=16)
    topic = models.CharField(max_length=64)
    sales_channel = models.CharField(max_length=255, default="")
    state = models.CharField(max_length=10, choices=ConsentChange.choices)
    occurred_at = models.DateTimeField()
    record = models.ForeignKey(ConsentRecord, models.CASCADE)

    class Meta:
        db_table = "cavaco_consent_state"
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "channel", "topic", "sales_channel"],
                name="cavaco_consent_state_once",
            ),
        ]


class Suppression(models.Model):
    """An address a channel never writes to again, kept as a salted hash past an erasure."""

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce"
        COMPLAINT = "complaint"
        CARRIER_OPT_OUT = "carrier_opt_out"
        MANUAL = "manual"
        LEGAL = "legal"
        ERASED = "erased"

    channel = models.CharField(max_length=16)
    address_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    detail = models.CharField(max_length=255, default="")
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=255, default="")

    class Meta:
        db_table = "cavaco_suppression"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address_hash", "reason"],
                condition=models.Q(lifted_at__isnull=True),
                name="cavaco_suppression_once",
            ),
        ]


class OptInRequest(models.Model):
    """A double opt-in waiting for its confirmation.

    The link is the signed public id, so what is stored here can confirm nothing by itself.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id)
    profile = models.ForeignKey("cavaco.Profile", models.CASCADE)
    channel = models.CharField(max_length=16)
    # One confirmation answers for everything that was asked at once.
    topics = ArrayField(models.CharField(max_length=64))
    sales_channel = models.CharField(max_length=255, default="")
    address = models.CharField(max_length=254)
    wording = models.TextField(default="")
    wording_version = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cavaco_opt_in_request"
