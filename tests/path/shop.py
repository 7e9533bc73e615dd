"""A shop in memory: it commits when it says so, tells as much as it is asked to tell, and forgets nothing.

It is the other side of the Store port, as Saleor is, with a clock of its own.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from cavaco_plugin.store.addresses import normalise_email, normalise_phone
from cavaco_plugin.store.port import ChangedSubject, PurchaseQuestion, ShopIdentity
from cavaco_plugin.store.snapshots import (
    AnySnapshot,
    Buyer,
    CheckoutSnapshot,
    CustomerSnapshot,
    LineSnapshot,
    OrderSnapshot,
)

# A Wednesday, ten in the morning in Berlin.
OPENING = datetime(2026, 11, 18, 9, tzinfo=UTC)
PRICE = Decimal("14.00")
Telling = Callable[[str, str, datetime, AnySnapshot], None]


def line(variant_id: str = "1", quantity: int = 1) -> LineSnapshot:
    return LineSnapshot(
        variant_id=variant_id,
        product_name=f"Mug {variant_id}",
        quantity=quantity,
        unit_price=PRICE,
        total_price=PRICE * quantity,
    )


class Shop:
    """Its tables are what is committed. `tell` is called after each commit, unless it is None."""

    def __init__(self, tell: Telling | None = None) -> None:
        self.now = OPENING
        self.tell = tell
        self.tables: dict[str, dict[str, AnySnapshot]] = {
            "checkout": {},
            "order": {},
            "customer": {},
        }
        self.history: list[tuple[str, str, AnySnapshot]] = []

    # What happens in it.

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    def customer(self, user_id: str, email: str, **values: object) -> CustomerSnapshot:
        """Create or change an account."""
        known = self.tables["customer"].get(user_id)
        buyer = Buyer(user_id=user_id, email=email, country="DE", language="EN", first_name="Anna")
        told = {"is_confirmed": True, "joined_at": known.joined_at if known else self.now, **values}
        return self._commit(
            "customer", user_id, CustomerSnapshot(user_id=user_id, buyer=buyer, **self._times(told))
        )

    def cart(
        self, token: str, *, buyer: Buyer, quantity: int = 1, **values: object
    ) -> CheckoutSnapshot:
        """Put so many mugs into a cart; none empties it."""
        known = self.tables["checkout"].get(token)
        told = {
            "created_at": known.created_at if known else self.now,
            "lines": (line(quantity=quantity),) if quantity else (),
            "total": PRICE * quantity,
            **values,
        }
        return self._commit(
            "checkout",
            token,
            CheckoutSnapshot(
                token=token, sales_channel="eu", buyer=buyer, currency="EUR", **self._times(told)
            ),
        )

    def touch(self, token: str) -> CheckoutSnapshot:
        """Move a cart's timestamp as a clean-up of the shop does; nobody is told."""
        changed = self.tables["checkout"][token].model_copy(update={"updated_at": self.now})
        return self._commit("checkout", token, changed, is_told=False)

    def order(
        self, order_id: str, *, buyer: Buyer, token: str = "", **values: object
    ) -> OrderSnapshot:
        """Place an order or change it; a cart it came from goes, unless `keeps_cart`."""
        known = self.tables["order"].get(order_id)
        if token and not values.pop("keeps_cart", False):
            self.tables["checkout"].pop(token, None)
        told = {
            "placed_at": known.placed_at if known else self.now,
            "checkout_token": known.checkout_token if known else token,
            **values,
        }
        return self._commit(
            "order",
            order_id,
            OrderSnapshot(
                order_id=order_id,
                number=order_id,
                sales_channel="eu",
                buyer=buyer,
                currency="EUR",
                total=PRICE,
                lines=(line(),),
                **self._times(told),
            ),
        )

    def drop_cart(self, token: str) -> None:
        """Delete a cart, as the shop's expiry does. There is no hook for that."""
        self.tables["checkout"].pop(token, None)

    def _times(self, told: dict) -> dict:
        return {"updated_at": self.now, **told}

    def _commit(self, kind: str, subject_id: str, snapshot, *, is_told: bool = True):
        self.tables[kind][subject_id] = snapshot
        self.history.append((kind, subject_id, snapshot))
        if self.tell is not None and is_told:
            self.tell(kind, subject_id, snapshot.updated_at, snapshot)
        return snapshot

    # What it answers.

    def checkouts(self, tokens: Collection[str]) -> dict[str, CheckoutSnapshot]:
        return self._rows("checkout", tokens)

    def orders(self, order_ids: Collection[str]) -> dict[str, OrderSnapshot]:
        return self._rows("order", order_ids)

    def customers(self, user_ids: Collection[str]) -> dict[str, CustomerSnapshot]:
        return self._rows("customer", user_ids)

    def _rows(self, kind: str, ids: Collection[str]) -> dict:
        return {key: self.tables[kind][key] for key in ids if key in self.tables[kind]}

    def purchases(self, questions: Sequence[PurchaseQuestion]) -> dict[int, datetime]:
        """From the committed orders, as the plugin home answers."""
        found: dict[int, datetime] = {}
        for question in questions:
            placed = [
                order.placed_at
                for order in self.tables["order"].values()
                if answers(order, question)
            ]
            if placed:
                found[question.message_id] = min(placed)
        return found

    def being_completed(self, tokens: Collection[str]) -> set[str]:
        return {token for token, cart in self.checkouts(tokens).items() if cart.is_completing}

    def shop(self, sales_channel: str) -> ShopIdentity:
        return ShopIdentity(
            name="Alder & Finch",
            storefront_url="https://alderfinch.example",
            cart_url="https://alderfinch.example/cart/{checkout_id}",
            product_url="https://alderfinch.example/p/{slug}",
            doors_url="https://api.alderfinch.example/cavaco/",
            postal_address="Alder & Finch, 12 Mill Lane, Leeds LS1 4DY",
            sender_email="hello@alderfinch.example",
            time_zone="Europe/Berlin",
        )

    def changed_since(
        self, *, kind: str, position: datetime, after_id: str, limit: int
    ) -> Iterable[ChangedSubject]:
        rows = sorted((row.updated_at, key) for key, row in self.tables[kind].items())
        behind = [
            ChangedSubject(kind=kind, subject_id=key, updated_at=at)
            for at, key in rows
            if (at, key) > (position, after_id) and (at > position or after_id)
        ]
        return behind[:limit]


def answers(order: OrderSnapshot, question: PurchaseQuestion) -> bool:
    """Whether this order is the purchase that was asked for."""
    if question.checkout_token and order.checkout_token == question.checkout_token:
        return True
    buyer = order.buyer
    is_theirs = (
        normalise_email(buyer.email) in question.emails
        or (buyer.user_id and buyer.user_id in question.user_ids)
        or (
            normalise_phone(buyer.phone, country=buyer.country) in question.phones
            and bool(buyer.phone)
        )
    )
    return bool(is_theirs) and order.placed_at >= question.since
