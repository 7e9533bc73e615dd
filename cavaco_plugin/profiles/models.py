"""The person, and everything that leads to them."""

from django.db import models

from cavaco_plugin.kernel.ids import new_public_id


class Profile(models.Model):
    """A person. A merged profile stays as a row that points to the one that took it over."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="absorbed")
    first_name = models.CharField(max_length=256, default="")
    last_name = models.CharField(max_length=256, default="")
    language = models.CharField(max_length=35, default="")
    country = models.CharField(max_length=2, default="")
    time_zone = models.CharField(max_length=64, default="")
    time_zone_source = models.CharField(max_length=24, default="")
    traits = models.JSONField(default=dict)
    # {"messages": 1, "days": 7}: the person's own cap, set on the preference page.
    personal_cap = models.JSONField(null=True)
    paused_until = models.DateTimeField(null=True)
    orders_count = models.IntegerField(default=0)
    # {"EUR": "120.00"}: money is never added over currencies.
    orders_total = models.JSONField(default=dict)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(null=True)
    # The newest word of the shop that went into this row; an older one only fills gaps.
    as_of = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cavaco_profile"
        permissions = [("manage_messaging", "Manage messaging.")]


class ContactPoint(models.Model):
    """One normalised way to know or reach a person; each value belongs to one person."""

    class Kind(models.TextChoices):
        USER = "user"
        EMAIL = "email"
        PHONE = "phone"

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=254)
    # The address as the person wrote it: what is shown and sent to.
    written = models.CharField(max_length=254, default="")
    verified_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_contact_point"
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="cavaco_contact_point_once"),
        ]
        indexes = [models.Index(fields=["profile", "kind"], name="cavaco_contact_point_person")]


class MergeLog(models.Model):
    """A merge of two profiles, with what it moved, so that it can be undone."""

    winner = models.ForeignKey(Profile, models.CASCADE, related_name="merges_won")
    loser = models.ForeignKey(Profile, models.CASCADE, related_name="merges_lost")
    reason = models.CharField(max_length=255)
    moved = models.JSONField()
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cavaco_merge_log"
