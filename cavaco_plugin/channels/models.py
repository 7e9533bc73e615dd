"""How the shop reaches its providers, and how they are doing."""

from django.db import models


class ProviderSettings(models.Model):
    """The settings of one provider; secrets are sealed, never stored as they are typed."""

    channel = models.CharField(max_length=16)
    provider = models.CharField(max_length=32)
    is_active = models.BooleanField(default=True)
    values = models.JSONField(default=dict)
    sealed_secrets = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_provider_settings"
        constraints = [
            models.UniqueConstraint(fields=["channel", "provider"], name="cavaco_provider_once"),
            models.UniqueConstraint(
                fields=["channel"],
                condition=models.Q(is_active=True),
                name="cavaco_provider_one_active",
            ),
        ]


class ProviderHealth(models.Model):
    """The circuit breaker of one provider, shared by every worker."""

    channel = models.CharField(max_length=16)
    provider = models.CharField(max_length=32)
    state = models.CharField(max_length=12, default="closed")
    failures = models.IntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    # A misconfiguration stops the channel until a person saves new settings.
    stopped_reason = models.TextField(default="")
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_provider_health"
        constraints = [
            models.UniqueConstraint(fields=["channel", "provider"], name="cavaco_health_once"),
        ]
