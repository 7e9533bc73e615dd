"""The policy in force, and what each person was sent lately."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class PolicyVersion(models.Model):
    """One version of the shop's messaging policy; the newest is in force."""

    number = models.IntegerField(unique=True)
    definition = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=255, default="")

    class Meta:
        db_table = "cavaco_policy_version"


class CapRing(models.Model):
    """The latest capped sends of one person, newest last: what a cap decision reads and writes.

    Each entry packs the moment and the channel of a send (see `policy.ring`), so that one row
    answers every cap over all channels.
    """

    profile = models.OneToOneField("cavaco.Profile", models.CASCADE, primary_key=True)
    sends = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        db_table = "cavaco_cap_ring"
