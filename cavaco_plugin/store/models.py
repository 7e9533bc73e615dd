"""Our copies of what the shop holds, as much as flows and rules need."""

from django.db import models


class CheckoutCopy(models.Model):
    """A checkout as last seen. `activity_*` follow the customer, not the row's own timestamps."""

    token = models.CharField(max_length=64, unique=True)
    profile = models.ForeignKey("cavaco.Profile", models.SET_NULL, null=True)
    sales_channel = models.CharField(max_length=255, default="")
    email = models.CharField(max_length=254, default="")
    phone = models.CharField(max_length=32, default="")
    user_id = models.CharField(max_length=64, default="")
    language = models.CharField(max_length=35, default="")
    country = models.CharField(max_length=2, default="")
    currency = models.CharField(max_length=3, default="")
    total = models.DecimalField(max_digits=20, decimal_places=3, default=0)
    lines = models.JSONField(default=list)
    activity_fingerprint = models.CharField(max_length=32, default="")
    activity_at = models.DateTimeField(null=True)
    activity_revision = models.IntegerField(default=0)
    episode = models.IntegerField(default=0)
    is_completing = models.BooleanField(default=False)
    is_paid = models.BooleanField(default=False)
    consent_declaration = models.CharField(max_length=255, default="")
    updated_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cavaco_checkout"
        indexes = [models.Index(fields=["profile", "-activity_at"], name="cavaco_checkout_person")]


class OrderCopy(models.Model):
    """An order as last seen, with the moments that flows listen to."""

    shop_order_id = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=64, default="")
    profile = models.ForeignKey("cavaco.Profile", models.SET_NULL, null=True)
    checkout_token = models.CharField(max_length=64, default="", db_index=True)
    sales_channel = models.CharField(max_length=255, default="")
    email = models.CharField(max_length=254, default="", db_index=True)
    phone = models.CharField(max_length=32, default="")
    user_id = models.CharField(max_length=64, default="", db_index=True)
    language = models.CharField(max_length=35, default="")
    country = models.CharField(max_length=2, default="")
    currency = models.CharField(max_length=3, default="")
    total = models.DecimalField(max_digits=20, decimal_places=3, default=0)
    refunded_total = models.DecimalField(max_digits=20, decimal_places=3, default=0)
    lines = models.JSONField(default=list)
    tracking_number = models.CharField(max_length=255, default="")
    consent_declaration = models.CharField(max_length=255, default="")
    placed_at = models.DateTimeField()
    fulfilled_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    is_backfill = models.BooleanField(default=False)

    class Meta:
        db_table = "cavaco_order"
        indexes = [
            models.Index(fields=["profile", "-placed_at"], name="cavaco_order_person"),
            models.Index(
                fields=["phone"], name="cavaco_order_phone", condition=~models.Q(phone="")
            ),
        ]


class CustomerCopy(models.Model):
    """A customer account as last seen: what must be remembered to notice a change."""

    shop_user_id = models.CharField(max_length=64, unique=True)
    profile = models.ForeignKey("cavaco.Profile", models.SET_NULL, null=True)
    email = models.CharField(max_length=254, default="")
    is_confirmed = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    consent_declaration = models.CharField(max_length=255, default="")
    joined_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cavaco_customer"


class ShopSettings(models.Model):
    """How the shop introduces itself in one of its sales channels; "" holds the default."""

    sales_channel = models.CharField(max_length=255, unique=True, default="")
    values = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_shop_settings"
