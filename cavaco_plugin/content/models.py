"""Templates and their versions. A version never changes; an edit makes the next one."""

from django.db import models


class Template(models.Model):
    """What a message of one channel says, in all its languages."""

    key = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=16)
    name = models.CharField(max_length=255)
    topic = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16)
    active_version = models.ForeignKey(
        "cavaco.TemplateVersion", models.PROTECT, null=True, related_name="+"
    )
    # True until a merchant publishes a version of their own: then a release leaves it alone.
    is_shipped = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_template"


class TemplateVersion(models.Model):
    """One immutable version: the source as written and what the compiler made of it."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="versions")
    number = models.IntegerField()
    source = models.JSONField()
    compiled = models.JSONField()
    checksum = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        db_table = "cavaco_template_version"
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="cavaco_template_number"),
        ]
