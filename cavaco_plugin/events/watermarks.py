"""How far each of the shop's collections was read."""

from collections.abc import Mapping
from datetime import datetime

from cavaco_plugin.events.models import Watermark


def find(name: str) -> Watermark | None:
    """The mark of this name, or None before its first move."""
    return Watermark.objects.filter(name=name).first()


def move(*, name: str, position_at: datetime, detail: Mapping[str, str], now: datetime) -> None:
    """Put the mark there. Going back is allowed: reading again records nothing twice."""
    Watermark.objects.update_or_create(
        name=name,
        defaults={"position_at": position_at, "detail": dict(detail), "updated_at": now},
    )
