"""The Saleor that this app serves."""

from django.db import models


class Installation(models.Model):
    """One Saleor. Its token is sealed; its keys are kept until it signs with another one."""

    api_url = models.URLField(unique=True)
    domain = models.CharField(max_length=255)
    sealed_token = models.TextField()
    app_id = models.CharField(max_length=64, default="")
    jwks = models.JSONField(default=dict)
    # When the shop was last asked for keys, whatever it answered.
    keys_asked_at = models.DateTimeField()
    installed_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_installation"
