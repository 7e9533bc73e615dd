"""What the store stage does when people are merged, separated, exported or erased.

It speaks for the inbox too, for only the copies know which subjects were a person's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from cavaco_plugin.events import operations as events
from cavaco_plugin.events import queries as inbox
from cavaco_plugin.store.models import CheckoutCopy, CustomerCopy, OrderCopy

NAME = "store"
# Table, the kind of its events, and the column of their subject.
_TABLES: dict[str, tuple[type[Model], str, str]] = {
    "checkouts": (CheckoutCopy, "checkout", "token"),
    "orders": (OrderCopy, "order", "shop_order_id"),
    "customers": (CustomerCopy, "customer", "shop_user_id"),
}


def absorb(*, winner_id: int, loser_id: int, now: datetime) -> Mapping[str, object]:
    """The loser's copies become the winner's."""
    moved: dict[str, object] = {}
    for name, (table, _, _) in _TABLES.items():
        rows = table._default_manager.filter(profile_id=loser_id)
        moved[name] = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(profile_id=winner_id)
    return moved


def restore(*, winner_id: int, loser_id: int, moved: Mapping[str, Any], now: datetime) -> None:
    """They become the loser's again."""
    for name, (table, _, _) in _TABLES.items():
        rows = table._default_manager.filter(pk__in=moved.get(name, []), profile_id=winner_id)
        rows.update(profile_id=loser_id)


def export(*, profile_ids: Sequence[int]) -> Mapping[str, object]:
    """The copies as they are, and what reached the inbox about them."""
    copies: dict[str, object] = {
        name: list(
            table._default_manager.filter(profile_id__in=profile_ids).order_by("pk").values()
        )
        for name, (table, _, _) in _TABLES.items()
    }
    told = inbox.about(_subjects(profile_ids)).order_by("id")
    fields = ("kind", "subject_id", "occurred_at", "received_at", "payload")
    return {**copies, "events": list(told.values(*fields))}


def erase(*, profile_ids: Sequence[int], now: datetime) -> None:
    """The copies go, and of the events all that they told."""
    events.forget(subjects=_subjects(profile_ids), now=now)
    for table, _, _ in _TABLES.values():
        table._default_manager.filter(profile_id__in=profile_ids).delete()


def _subjects(profile_ids: Sequence[int]) -> list[tuple[str, str]]:
    return [
        (kind, subject_id)
        for table, kind, column in _TABLES.values()
        for subject_id in table._default_manager.filter(profile_id__in=profile_ids).values_list(
            column, flat=True
        )
    ]
