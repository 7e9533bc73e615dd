"""What providers and people tell us afterwards."""

from django.db import models


class StoredReceipt(models.Model):
    """A provider's report, stored as it came before anything is done with it; once by event id."""

    provider = models.CharField(max_length=32)
    event_id = models.CharField(max_length=255)
    receipt = models.JSONField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=32, default="")
    attempts = models.SmallIntegerField(default=0)
    # Not before this moment: its message is not known yet, or applying it failed.
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cavaco_receipt"
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="cavaco_receipt_once"),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="cavaco_receipt_open", condition=models.Q(applied_at=None)
            ),
        ]


class DeliveryEvent(models.Model):
    """Something that happened to a message after it was sent. Machine events move nothing."""

    message = models.ForeignKey("cavaco.Message", models.CASCADE, related_name="delivery_events")
    receipt = models.OneToOneField(StoredReceipt, models.SET_NULL, null=True)
    kind = models.CharField(max_length=16)
    is_machine = models.BooleanField(default=False)
    code = models.CharField(max_length=64, default="")
    detail = models.TextField(default="")
    occurred_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_delivery_event"
        indexes = [models.Index(fields=["message", "id"], name="cavaco_delivery_message")]


class InboundMessage(models.Model):
    """What a person wrote to us, and the keyword we understood in it."""

    profile = models.ForeignKey("cavaco.Profile", models.SET_NULL, null=True)
    receipt = models.OneToOneField(StoredReceipt, models.CASCADE)
    channel = models.CharField(max_length=16)
    address = models.CharField(max_length=254)
    text = models.TextField()
    keyword = models.CharField(max_length=16, default="")
    received_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_inbound_message"
