"""Snapshots as short as a test's sentence."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cavaco_plugin.store.snapshots import (
    Buyer,
    CheckoutSnapshot,
    CustomerSnapshot,
    LineSnapshot,
    OrderSnapshot,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA = Buyer(email="anna@example.com", first_name="Anna", country="DE", language="DE")


def minutes(number: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=number)


def line(variant_id: str = "1", quantity: int = 1, price: str = "10.00") -> LineSnapshot:
    return LineSnapshot(
        variant_id=variant_id,
        product_name=f"Product {variant_id}",
        quantity=quantity,
        unit_price=Decimal(price),
        total_price=Decimal(price) * quantity,
    )


def checkout(
    token: str = "c1", *, at: float = 0, buyer: Buyer = ANNA, **values
) -> CheckoutSnapshot:
    lines = values.pop("lines", (line(),))
    return CheckoutSnapshot(
        token=token,
        sales_channel="eu",
        buyer=buyer,
        currency="EUR",
        total=sum((entry.total_price for entry in lines), Decimal(0)),
        lines=lines,
        created_at=NOON,
        updated_at=minutes(at),
        **values,
    )


def order(
    order_id: str = "o1", *, at: float = 0, placed: float | None = None, **values
) -> OrderSnapshot:
    return OrderSnapshot(
        order_id=order_id,
        number=values.pop("number", order_id),
        sales_channel="eu",
        buyer=values.pop("buyer", ANNA),
        currency=values.pop("currency", "EUR"),
        total=Decimal(values.pop("total", "10.00")),
        lines=(line(),),
        placed_at=minutes(at if placed is None else placed),
        updated_at=minutes(at),
        **values,
    )


def customer(user_id: str = "7", *, at: float = 0, joined: float = 0, **values) -> CustomerSnapshot:
    buyer = values.pop("buyer", ANNA)
    return CustomerSnapshot(
        user_id=user_id,
        buyer=buyer.model_copy(update={"user_id": user_id}),
        is_confirmed=values.pop("is_confirmed", True),
        joined_at=minutes(joined),
        updated_at=minutes(at),
        **values,
    )
