"""Counts by day, rolled up from the ledger and recomputable from it."""

from django.db import models


class DailyCount(models.Model):
    """How many messages of one flow step ended in one state and reason on one day (UTC)."""

    day = models.DateField()
    flow_id = models.BigIntegerField(default=0)
    step_id = models.CharField(max_length=64, default="")
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=32, default="")
    messages = models.IntegerField()
    price = models.DecimalField(max_digits=16, decimal_places=5, default=0)
    # Money is never added over currencies; "" where nothing was charged.
    price_currency = models.CharField(max_length=3, default="")

    class Meta:
        db_table = "cavaco_daily_count"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "day",
                    "flow_id",
                    "step_id",
                    "channel",
                    "state",
                    "reason",
                    "price_currency",
                ],
                name="cavaco_daily_count_once",
            ),
        ]
