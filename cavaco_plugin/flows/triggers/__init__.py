"""Every trigger type, one line each."""

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from cavaco_plugin.flows.triggers.base import BaseTrigger
from cavaco_plugin.flows.triggers.checkout_abandoned import CheckoutAbandoned
from cavaco_plugin.flows.triggers.consent_granted import ConsentGranted
from cavaco_plugin.flows.triggers.order_fulfilled import OrderFulfilled
from cavaco_plugin.flows.triggers.order_placed import OrderPlaced

TRIGGER_TYPES: dict[str, type[BaseTrigger]] = {
    "checkout_abandoned": CheckoutAbandoned,
    "consent_granted": ConsentGranted,
    "order_fulfilled": OrderFulfilled,
    "order_placed": OrderPlaced,
}

if TYPE_CHECKING:
    AnyTrigger = BaseTrigger
else:
    AnyTrigger = Annotated[
        Union[tuple(TRIGGER_TYPES.values())],  # noqa: UP007
        Field(discriminator="type"),
    ]
