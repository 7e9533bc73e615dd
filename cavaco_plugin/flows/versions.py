"""Definitions of flow versions, parsed once in a process: a version never changes."""

from collections.abc import Collection
from typing import Any

from cavaco_plugin.flows.definition import FlowDefinition, parse
from cavaco_plugin.flows.models import FlowVersion

_parsed: dict[str, FlowDefinition] = {}
MOST_KEPT = 1000


def definitions_of(version_ids: Collection[int]) -> dict[int, FlowDefinition]:
    """Version id → definition. One small query, and one for what this process never read."""
    rows = FlowVersion.objects.filter(pk__in=set(version_ids)).values_list("id", "checksum")
    checksums = dict(rows)
    unknown = [pk for pk, checksum in checksums.items() if checksum not in _parsed]
    for pk, document in FlowVersion.objects.filter(pk__in=unknown).values_list("id", "definition"):
        _keep(checksums[pk], document)
    return {pk: _parsed[checksum] for pk, checksum in checksums.items()}


def _keep(checksum: str, document: Any) -> None:
    if len(_parsed) >= MOST_KEPT:
        _parsed.clear()
    _parsed[checksum] = parse(document)
