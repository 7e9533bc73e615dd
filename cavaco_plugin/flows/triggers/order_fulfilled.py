"""An order left the house.

{"type": "order_fulfilled"}
"""

from typing import ClassVar, Literal

from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.reentry import Reentry
from cavaco_plugin.flows.triggers.base import BaseTrigger, event_entry
from cavaco_plugin.store.changes import ChangeKind, StoreChange


class OrderFulfilled(BaseTrigger):
    """An order was fulfilled; one run for each order, however many parcels it takes."""

    listens_to = ChangeKind.ORDER_FULFILLED
    family = "purchase"
    default_reentry: ClassVar[Reentry] = Reentry(mode="after_exit", scope="subject")

    type: Literal["order_fulfilled"]

    def entry(self, change: StoreChange) -> Entry | None:
        order = change.subject.get("order")
        return event_entry(change, key=f"order:{order}") if order else None

    def sentence(self) -> str:
        return "When an order is fulfilled."
