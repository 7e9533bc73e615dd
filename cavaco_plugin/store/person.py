"""A person's checkouts, orders and account, as far as we copied them: moved, exported, forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from cavaco_plugin.store.models import CheckoutCopy, CustomerCopy, OrderCopy

NAME = "store"
_TABLES: dict[str, type[Model]] = {
    "checkouts": CheckoutCopy,
    "orders": OrderCopy,
    "customers": CustomerCopy,
}
# What stays after an erasure keeps counts and amounts, and leads back to nobody.
_FORGOTTEN: dict[str, dict[str, Any]] = {
    "checkouts": {"email": "", "phone": "", "user_id": "", "consent_declaration": ""},
    "orders": {"email": "", "phone": "", "user_id": "", "number": "", "tracking_number": ""},
    "customers": {"email": "", "consent_declaration": ""},
}


def absorb(*, winner_id: int, loser_id: int, now: datetime) -> dict[str, object]:
    """The loser's copies become the winner's."""
    moved: dict[str, object] = {}
    for name, table in _TABLES.items():
        rows = table._default_manager.filter(profile_id=loser_id)
        moved[name] = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(profile_id=winner_id)
    return moved


def restore(*, winner_id: int, loser_id: int, moved: Mapping[str, Any], now: datetime) -> None:
    """They become the loser's again."""
    for name, table in _TABLES.items():
        rows = table._default_manager.filter(pk__in=moved.get(name, []), profile_id=winner_id)
        rows.update(profile_id=loser_id)


def export(*, profile_ids: Sequence[int]) -> dict[str, object]:
    """The copies as they are."""
    return {
        name: list(
            table._default_manager.filter(profile_id__in=profile_ids).order_by("pk").values()
        )
        for name, table in _TABLES.items()
    }
