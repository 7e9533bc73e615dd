"""Our copy of an order, with the moments that flows listen to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cavaco_plugin.store.addresses import normalise_email, normalise_phone
from cavaco_plugin.store.changes import ChangeKind, StoreChange
from cavaco_plugin.store.checkouts import checkout_change
from cavaco_plugin.store.diff import earliest, is_outdated
from cavaco_plugin.store.locks import lock_names
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from cavaco_plugin.store.snapshots import OrderSnapshot

_MOMENTS = {
    ChangeKind.ORDER_FULFILLED: "fulfilled_at",
    ChangeKind.ORDER_REFUNDED: "refunded_at",
    ChangeKind.ORDER_CANCELLED: "cancelled_at",
}


def apply_order(
    *, snapshot: OrderSnapshot, profile_id: int | None, is_backfill: bool
) -> list[StoreChange]:
    """Bring the copy up to the snapshot, complete its checkout, and say what happened to the order."""
    _lock(snapshot)
    is_backfill = is_backfill or snapshot.is_imported
    copy = OrderCopy.objects.filter(shop_order_id=snapshot.order_id).first()
    copy = copy or OrderCopy(
        shop_order_id=snapshot.order_id, placed_at=snapshot.placed_at, is_backfill=is_backfill
    )
    before = _Before(
        is_known=copy.pk is not None,
        declaration=copy.consent_declaration,
        moments={kind: getattr(copy, name) for kind, name in _MOMENTS.items()},
    )
    is_news = not is_outdated(snapshot.updated_at, copy.updated_at)
    if is_news:
        _take_state(copy, snapshot)
    copy.profile_id = (is_news and profile_id) or copy.profile_id or profile_id
    _take_facts(copy, snapshot)
    copy.save()
    changes = _complete_checkout(copy, is_backfill=is_backfill)
    if copy.profile_id is not None:
        told = _what_happened(copy, snapshot, before)
        changes += [_change(copy, kind, at=at, is_backfill=is_backfill) for kind, at in told]
    return changes


@dataclass(frozen=True, slots=True)
class _Before:
    """What was known of an order before the snapshot."""

    is_known: bool
    declaration: str
    moments: dict[ChangeKind, datetime | None]


def _lock(snapshot: OrderSnapshot) -> None:
    names = [f"order:{snapshot.order_id}"]
    if snapshot.checkout_token:
        names.append(f"checkout:{snapshot.checkout_token}")
    lock_names(names)


def _what_happened(
    copy: OrderCopy, snapshot: OrderSnapshot, before: _Before
) -> Iterator[tuple[ChangeKind, datetime]]:
    if not before.is_known:
        yield ChangeKind.ORDER_PLACED, copy.placed_at
    for kind, name in _MOMENTS.items():
        if before.moments[kind] is None and getattr(copy, name) is not None:
            yield kind, _moment_told(snapshot, kind, is_first=not before.is_known)
    if copy.consent_declaration not in ("", before.declaration):
        yield ChangeKind.CONSENT_DECLARED, copy.placed_at


def _moment_told(snapshot: OrderSnapshot, kind: ChangeKind, *, is_first: bool) -> datetime:
    """When it happened, for those who listen.

    An order met for the first time may have been sent long ago: without a better word, what is
    already true of it is as old as the order.
    """
    if kind is ChangeKind.ORDER_FULFILLED and snapshot.fulfilled_at:
        return snapshot.fulfilled_at
    return snapshot.placed_at if is_first else snapshot.updated_at


def _take_state(copy: OrderCopy, snapshot: OrderSnapshot) -> None:
    """What only the newest snapshot may say."""
    buyer = snapshot.buyer
    copy.updated_at = snapshot.updated_at
    copy.number, copy.sales_channel = snapshot.number, snapshot.sales_channel
    copy.email, copy.phone = (
        normalise_email(buyer.email),
        normalise_phone(buyer.phone, country=buyer.country),
    )
    copy.user_id, copy.language, copy.country = buyer.user_id, buyer.language, buyer.country
    copy.currency, copy.total, copy.refunded_total = (
        snapshot.currency,
        snapshot.total,
        snapshot.refunded_total,
    )
    copy.lines = [line.model_dump(mode="json") for line in snapshot.lines]
    copy.tracking_number = snapshot.tracking_number
    copy.consent_declaration = snapshot.consent_declaration


def _take_facts(copy: OrderCopy, snapshot: OrderSnapshot) -> None:
    """What happens once, and is true from whichever snapshot it is learnt."""
    copy.checkout_token = copy.checkout_token or snapshot.checkout_token
    if snapshot.is_fulfilled:
        copy.fulfilled_at = earliest(
            copy.fulfilled_at, snapshot.fulfilled_at or snapshot.updated_at
        )
    if snapshot.is_refunded:
        copy.refunded_at = earliest(copy.refunded_at, snapshot.updated_at)
    if snapshot.is_cancelled:
        copy.cancelled_at = earliest(copy.cancelled_at, snapshot.updated_at)


def _complete_checkout(order: OrderCopy, *, is_backfill: bool) -> list[StoreChange]:
    """Mark the checkout that became this order, whoever began it."""
    checkout = (
        CheckoutCopy.objects.filter(token=order.checkout_token).first()
        if order.checkout_token
        else None
    )
    if checkout is None or checkout.completed_at is not None:
        return []
    checkout.completed_at = order.placed_at
    checkout.is_completing = False
    checkout.save(update_fields=["completed_at", "is_completing"])
    if checkout.profile_id is None:
        return []
    return [
        checkout_change(
            checkout, ChangeKind.CHECKOUT_COMPLETED, is_backfill=is_backfill, at=order.placed_at
        )
    ]


def _change(copy: OrderCopy, kind: ChangeKind, *, at: datetime, is_backfill: bool) -> StoreChange:
    if copy.profile_id is None:
        raise ValueError(
            f"order {copy.shop_order_id}: nobody is known behind it, so nothing can follow from it."
        )
    data = {"checkout": copy.checkout_token}
    if kind is ChangeKind.CONSENT_DECLARED:
        data |= {"origin": "order", "declaration": copy.consent_declaration}
    return StoreChange(
        kind=kind,
        key=f"{kind}:order:{copy.shop_order_id}",
        profile_id=copy.profile_id,
        at=at,
        subject={"order": copy.shop_order_id},
        copy_id=copy.pk,
        sales_channel=copy.sales_channel,
        is_backfill=is_backfill,
        data=data,
    )
