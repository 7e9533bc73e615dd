"""The oracle: who bought what and when, and who is known to be who, by the shop's own book.

It knows nothing of our tables. What it is told comes in the order in which the shop committed it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from cavaco_plugin.store.snapshots import Buyer


def keys_of(buyer: Buyer) -> frozenset[str]:
    """What a buyer can be known by; the buyers of these tests write each key in one way."""
    return frozenset(key for key in (buyer.user_id, buyer.email, buyer.phone) if key)


@dataclass(frozen=True)
class Purchase:
    """An order that is committed."""

    keys: frozenset[str]
    token: str
    at: datetime


@dataclass
class Book:
    """Purchases, and the groups of keys that we were told belong together."""

    purchases: list[Purchase] = field(default_factory=list)
    groups: list[frozenset[str]] = field(default_factory=list)

    def bought(self, buyer: Buyer, token: str, at: datetime) -> None:
        self.purchases.append(Purchase(keys_of(buyer), token, at))

    def heard(self, buyer: Buyer) -> None:
        """We have been told that these keys are one person's."""
        told = keys_of(buyer)
        if told:
            meets = [group for group in self.groups if group & told]
            self.groups = [group for group in self.groups if group not in meets]
            self.groups.append(told.union(*meets))

    def known_with(self, key: str) -> frozenset[str]:
        """All keys of the person behind this one, as far as we were told."""
        return next((group for group in self.groups if key in group), frozenset({key}))

    def voids(self, *, address: str, token: str, since: datetime) -> list[Purchase]:
        """The purchases that make a reminder of this cart to this address untrue."""
        theirs = self.known_with(address)
        return [
            purchase
            for purchase in self.purchases
            if purchase.token == token or (purchase.keys & theirs and purchase.at >= since)
        ]

    def never_bought(self, keys: Collection[str]) -> bool:
        return not any(purchase.keys & set(keys) for purchase in self.purchases)
