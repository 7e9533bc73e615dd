"""Compiled templates, kept in the process: a version never changes."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from cavaco_plugin.content.languages import LanguageChoice, choose_language
from cavaco_plugin.content.models import TemplateVersion

Compiled = Mapping[str, Any]

_KEEP = 256
_kept: dict[int, Compiled] = {}


def compiled(version_ids: Collection[int]) -> dict[int, Compiled]:
    """The compiled form of each version; one query for those this process has not met."""
    missing = set(version_ids) - _kept.keys()
    if missing:
        if len(_kept) > _KEEP:
            _kept.clear()
        rows = TemplateVersion.objects.filter(id__in=version_ids)
        _kept.update(rows.values_list("id", "compiled"))
    return {version_id: _kept[version_id] for version_id in version_ids}


@lru_cache(maxsize=4096)
def language_for(
    available: tuple[str, ...], *, person: str, subject: str, sales_channel: str
) -> LanguageChoice:
    """As `choose_language`; a batch asks the same over and over."""
    return choose_language(available, person=person, subject=subject, sales_channel=sales_channel)
