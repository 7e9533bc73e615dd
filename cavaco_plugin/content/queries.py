"""Reading templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cavaco_plugin.content.models import Template, TemplateVersion


def active_version(key: str) -> TemplateVersion | None:
    """The version new messages of this template are made with; None when there is no such template."""
    template = Template.objects.select_related("active_version").filter(key=key).first()
    return template.active_version if template else None


def active_versions(keys: Iterable[str]) -> dict[str, TemplateVersion]:
    """The same for many keys, in one query; a key without a version is left out."""
    rows = TemplateVersion.objects.filter(
        template__key__in=set(keys), template__active_version_id__isnull=False
    )
    current = rows.filter(pk__in=Template.objects.values("active_version_id")).select_related(
        "template"
    )
    return {version.template.key: version for version in current.defer("source", "compiled")}


def compiled(version_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The compiled form of each version, in one query."""
    rows = TemplateVersion.objects.filter(id__in=set(version_ids))
    return dict(rows.values_list("id", "compiled"))


def channels() -> dict[str, str]:
    """The channel of every template that can be sent, by key: what a flow is checked against."""
    rows = Template.objects.filter(active_version__isnull=False)
    return dict(rows.values_list("key", "channel"))
