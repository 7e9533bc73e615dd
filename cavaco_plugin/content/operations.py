"""Publishing templates. A version never changes; what is published anew becomes the next one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cavaco_plugin.content.catalogue import Shipped, kit, shipped
from cavaco_plugin.content.checks import check_template
from cavaco_plugin.content.compile import checksum_of, compile_template
from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.content.models import Template, TemplateVersion
from cavaco_plugin.content.source import read_source
from cavaco_plugin.kernel.storable import is_storable


@transaction.atomic
def publish_template(*, key: str, source: Mapping[str, Any], now: datetime) -> TemplateVersion:
    """Make `source` what new messages of the template say; the active version when nothing differs.

    Raises TemplateInvalid with the field and the remedy, and then leaves everything as it was.
    """
    rows = Template.objects.select_for_update()
    template = rows.filter(key=key).first() if is_storable(key) else None
    if template is None:
        known = Template.objects.order_by("key").values_list("key", flat=True)
        raise TemplateInvalid(
            field="key",
            code="unknown_template",
            message=f"There is no template {key!r}.",
            remedy=f"Choose one of: {', '.join(known)}.",
        )
    return _publish(template, source, is_shipped=False, now=now)


@transaction.atomic
def ensure_library(*, now: datetime) -> list[str]:
    """Install the shipped templates and bring unedited ones up to date; returns the keys that changed.

    A template that a merchant published is theirs: a release leaves it alone.
    """
    return [entry.key for entry in shipped() if _ensure(entry, now=now)]


def _ensure(entry: Shipped, *, now: datetime) -> bool:
    template, _ = Template.objects.select_for_update().get_or_create(
        key=entry.key,
        defaults={
            "channel": entry.channel,
            "name": entry.name,
            "topic": entry.topic,
            "purpose": entry.purpose,
            "is_shipped": True,
            "created_at": now,
        },
    )
    if not template.is_shipped:
        return False
    # A release may file a template elsewhere; its versions follow the purpose they are published under.
    template.name, template.topic, template.purpose = entry.name, entry.topic, entry.purpose
    before = template.active_version_id
    return _publish(template, entry.source, is_shipped=True, now=now).pk != before


def _publish(
    template: Template, source: Mapping[str, Any], *, is_shipped: bool, now: datetime
) -> TemplateVersion:
    current = template.active_version
    shared: dict[str, Any] = {
        "channel": template.channel,
        "purpose": template.purpose,
        "kit": kit(),
    }
    # Only what can be read has a checksum.
    read_source(source, channel=template.channel, purpose=template.purpose)
    if not current or current.checksum != checksum_of(source=source, **shared):
        compiled = compile_template(source=source, **shared)
        _refuse_errors(compiled)
        newest = template.versions.order_by("-number").values_list("number", flat=True).first() or 0
        current = template.versions.create(
            number=newest + 1,
            source=dict(source),
            compiled=compiled,
            checksum=compiled["checksum"],
            published_at=now,
        )
        template.is_shipped = is_shipped
    template.active_version = current
    template.save()
    return current


def _refuse_errors(compiled: Mapping[str, Any]) -> None:
    for finding in check_template(compiled):
        if finding.severity == "error":
            raise TemplateInvalid(
                field=finding.field,
                code=finding.code,
                message=finding.message,
                remedy=finding.remedy,
            )
