"""An order was placed.

{"type": "order_placed"}
"""

from typing import ClassVar, Literal

from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.reentry import Reentry
from cavaco_plugin.flows.triggers.base import BaseTrigger, event_entry
from cavaco_plugin.store.changes import ChangeKind, StoreChange


class OrderPlaced(BaseTrigger):
    """An order exists; one run for each order."""

    listens_to = ChangeKind.ORDER_PLACED
    family = "purchase"
    default_reentry: ClassVar[Reentry] = Reentry(mode="after_exit", scope="subject")

    type: Literal["order_placed"]

    def entry(self, change: StoreChange) -> Entry | None:
        order = change.subject.get("order")
        return event_entry(change, key=f"order:{order}") if order else None

    def sentence(self) -> str:
        return "When an order is placed."
