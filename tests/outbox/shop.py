"""A shop in memory: what the Store port answers is what a test put there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cavaco_plugin.store.port import ChangedSubject, PurchaseQuestion, ShopIdentity
from cavaco_plugin.store.queries import purchases_from_copies
from cavaco_plugin.store.snapshots import CheckoutSnapshot, CustomerSnapshot, OrderSnapshot

IDENTITY = ShopIdentity(
    name="Alder & Finch",
    storefront_url="https://alderfinch.example",
    cart_url="https://alderfinch.example/cart/{checkout_id}",
    product_url="https://alderfinch.example/p/{slug}",
    doors_url="https://api.alderfinch.example/cavaco/",
    postal_address="Alder & Finch, 12 Mill Lane, Leeds LS1 4DY",
    support_email="help@alderfinch.example",
    sender_email="hello@alderfinch.example",
    sender_name="Alder & Finch",
    time_zone="Europe/London",
)


@dataclass
class FakeShop:
    """Purchases are read from our copies, as in the app home."""

    open_checkouts: dict[str, CheckoutSnapshot] = field(default_factory=dict)
    placed: dict[str, OrderSnapshot] = field(default_factory=dict)
    at_the_till: set[str] = field(default_factory=set)
    identity: ShopIdentity = IDENTITY

    def checkouts(self, tokens: Collection[str]) -> dict[str, CheckoutSnapshot]:
        return {
            token: self.open_checkouts[token] for token in tokens if token in self.open_checkouts
        }

    def orders(self, order_ids: Collection[str]) -> dict[str, OrderSnapshot]:
        return {
            order_id: self.placed[order_id] for order_id in order_ids if order_id in self.placed
        }

    def customers(self, user_ids: Collection[str]) -> dict[str, CustomerSnapshot]:
        return {}

    def purchases(self, questions: Sequence[PurchaseQuestion]) -> dict[int, datetime]:
        return purchases_from_copies(questions)

    def being_completed(self, tokens: Collection[str]) -> set[str]:
        return self.at_the_till & set(tokens)

    def shop(self, sales_channel: str) -> ShopIdentity:
        return self.identity

    def changed_since(
        self, *, kind: str, position: datetime, after_id: str, limit: int
    ) -> Iterable[ChangedSubject]:
        return []
