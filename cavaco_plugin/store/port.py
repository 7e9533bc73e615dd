"""The questions we ask the shop. Each home answers them; the rest of the code asks only here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from cavaco_plugin.store.snapshots import (
    AnySnapshot,
    CheckoutSnapshot,
    CustomerSnapshot,
    OrderSnapshot,
)


@dataclass(frozen=True, slots=True)
class ShopIdentity:
    """How the shop introduces itself in one sales channel.

    Attributes:
        storefront_url: the shop's front page.
        cart_url: where a cart is taken up again; `{checkout_id}` stands for the checkout's API id.
        product_url: a product's page; `{slug}` stands for its slug.
        doors_url: where our own pages are reached from outside, ending in "/".
    """

    name: str
    storefront_url: str
    cart_url: str
    product_url: str
    doors_url: str
    logo_url: str = ""
    colour: str = "#1f2937"
    postal_address: str = ""
    support_email: str = ""
    sender_email: str = ""
    sender_name: str = ""
    reply_to: str = ""
    language: str = "en"
    country: str = ""
    time_zone: str = "UTC"


class PurchaseQuestion(NamedTuple):
    """Has this person, or this checkout, been bought with at `since` or later?"""

    message_id: int
    since: datetime
    checkout_token: str
    emails: tuple[str, ...]
    user_ids: tuple[str, ...]
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedSubject:
    """One row the reconciler found: what changed, when, and its state where it was read along."""

    kind: str
    subject_id: str
    updated_at: datetime
    snapshot: AnySnapshot | None = None


class Store(Protocol):
    """The shop. Every method answers for a whole batch in a fixed number of queries."""

    def checkouts(self, tokens: Collection[str]) -> dict[str, CheckoutSnapshot]:
        """Checkouts as they are now, by token; deleted ones are missing."""

    def orders(self, order_ids: Collection[str]) -> dict[str, OrderSnapshot]:
        """Orders as they are now, by id; drafts and deleted ones are missing."""

    def customers(self, user_ids: Collection[str]) -> dict[str, CustomerSnapshot]:
        """Customer accounts as they are now, by id; staff and deleted ones are missing."""

    def purchases(self, questions: Sequence[PurchaseQuestion]) -> dict[int, datetime]:
        """Message id → when the purchase that answers yes was placed, for committed orders.

        Called inside the claim transaction, after the locks: it must read what is committed then.
        """

    def being_completed(self, tokens: Collection[str]) -> set[str]:
        """Of these checkouts, those a customer is completing this instant.

        In the plugin home it locks the other rows for the rest of the transaction, so that an
        order can not commit between this answer and the claim.
        """

    def shop(self, sales_channel: str) -> ShopIdentity:
        """How the shop introduces itself in this sales channel."""

    def changed_since(
        self, *, kind: str, position: datetime, after_id: str, limit: int
    ) -> Iterable[ChangedSubject]:
        """Subjects of `kind` ordered by (updated_at, id), from just behind the position."""


class NoStore(RuntimeError):
    """No home has said which shop this is; a home calls `use` when it starts."""


_stores: list[Store] = []


def use(store: Store) -> None:
    """Answer from `store` from now on, in this process."""
    _stores[:] = [store]


def current() -> Store:
    """The shop this installation talks to.

    Raises:
        NoStore: no home has started.
    """
    if not _stores:
        raise NoStore(NoStore.__doc__)
    return _stores[0]
