"""The inbox: one row for each thing that happened in the shop."""

from django.db import models


class StoreEvent(models.Model):
    """Something about `kind` `subject_id` is as of `occurred_at`; unique by source and key."""

    class Kind(models.TextChoices):
        CHECKOUT = "checkout"
        ORDER = "order"
        CUSTOMER = "customer"

    source = models.CharField(max_length=32)
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    subject_id = models.CharField(max_length=64)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # The mapped snapshot where the delivery carried one; None where the Store port is asked.
    payload = models.JSONField(null=True)
    is_backfill = models.BooleanField(default=False)
    handled_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    # After a failure: not before this moment. The others go on meanwhile.
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    # What an order not yet handled proves already: a claim reads these before it trusts our copies.
    email = models.CharField(max_length=254, default="")
    checkout_token = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "cavaco_store_event"
        # A shopper waits for each of these; a look-up by subject, for an erasure, may take its time.
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="cavaco_event_once"),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="cavaco_event_open",
                condition=models.Q(handled_at__isnull=True),
            ),
            models.Index(
                fields=["email"],
                name="cavaco_event_open_email",
                condition=models.Q(handled_at__isnull=True, kind="order") & ~models.Q(email=""),
            ),
            models.Index(
                fields=["checkout_token"],
                name="cavaco_event_open_checkout",
                condition=models.Q(handled_at__isnull=True, kind="order")
                & ~models.Q(checkout_token=""),
            ),
        ]


class Watermark(models.Model):
    """How far the reconciler has read one of the shop's collections."""

    name = models.CharField(max_length=64, primary_key=True)
    position_at = models.DateTimeField()
    # Subject ids already recorded at exactly `position_at`, or a cursor of the back-fill.
    detail = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_watermark"
