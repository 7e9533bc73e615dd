"""From an event to what the shop holds, and from there to our copies."""

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.store import port
from cavaco_plugin.store.changes import StoreChange
from cavaco_plugin.store.checkouts import apply_checkout, vanished_checkout
from cavaco_plugin.store.customers import apply_customer, vanished_customer
from cavaco_plugin.store.orders import apply_order
from cavaco_plugin.store.snapshots import (
    AnySnapshot,
    CheckoutSnapshot,
    CustomerSnapshot,
    OrderSnapshot,
)

SNAPSHOTS: dict[str, type[CheckoutSnapshot] | type[OrderSnapshot] | type[CustomerSnapshot]] = {
    "checkout": CheckoutSnapshot,
    "order": OrderSnapshot,
    "customer": CustomerSnapshot,
}


def load(*, event: StoreEvent) -> AnySnapshot | None:
    """What the event tells of: from its own payload, else from the shop as it is now.

    A checkout or an account that the shop no longer has comes back as deleted, if we knew it;
    None means that there is nothing to learn.

    Raises:
        pydantic.ValidationError: the payload is no snapshot.
    """
    if event.payload is not None:
        return SNAPSHOTS[event.kind].model_validate(event.payload)
    shop, subject_id = port.current(), event.subject_id
    if event.kind == StoreEvent.Kind.ORDER:
        return shop.orders([subject_id]).get(subject_id)
    if event.kind == StoreEvent.Kind.CUSTOMER:
        customer = shop.customers([subject_id]).get(subject_id)
        return customer or vanished_customer(subject_id, at=event.occurred_at)
    checkout = shop.checkouts([subject_id]).get(subject_id)
    return checkout or vanished_checkout(subject_id, at=event.occurred_at)


def apply(
    *, snapshot: AnySnapshot | None, profile_id: int | None, is_backfill: bool
) -> list[StoreChange]:
    """Bring our copy up to the snapshot; the facts that are new by it.

    An older snapshot than the one we know moves nothing back, yet a fact it is the first to tell
    (placed, sent, cancelled, deleted) is taken. Call it with the person locked.
    """
    if isinstance(snapshot, CheckoutSnapshot):
        return apply_checkout(snapshot=snapshot, profile_id=profile_id, is_backfill=is_backfill)
    if isinstance(snapshot, OrderSnapshot):
        return apply_order(snapshot=snapshot, profile_id=profile_id, is_backfill=is_backfill)
    if isinstance(snapshot, CustomerSnapshot):
        return apply_customer(snapshot=snapshot, profile_id=profile_id, is_backfill=is_backfill)
    return []
