"""People in a shop, doing anything in any order, while our clock ticks when it likes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from cavaco_plugin.store.snapshots import Buyer
from tests.path.world import deliver, poke
from tests.promises.keeping import Keeping

HOME = {"country": "DE", "language": "EN"}
ANNA = Buyer(email="anna@example.com", **HOME)
PHONING_ANNA = Buyer(email="anna@example.com", phone="+49301234567", **HOME)
ANNAS_ACCOUNT = Buyer(user_id="7", email="anna@example.com", **HOME)
ANNA_AT_WORK = Buyer(email="work@example.com", phone="+49301234567", **HOME)
BEN = Buyer(email="ben@example.com", **HOME)
BUYERS = (Buyer(**HOME), ANNA, PHONING_ANNA, ANNAS_ACCOUNT, ANNA_AT_WORK, BEN)
WHO = st.sampled_from(BUYERS)
SOMEBODY = st.sampled_from(BUYERS[1:])
TOKEN = st.sampled_from(("c0", "c1", "c2"))


class Shopping(Keeping):
    """What a hundred customers may think of, by way of four."""

    @initialize(tell=st.sampled_from((poke, deliver)), buyer=SOMEBODY)
    def open_the_shop(self, tell: Callable[..., None], buyer: Buyer) -> None:
        self.shop.tell = tell
        self.fill_or_change_a_cart("c0", buyer, 1)
        self.hear()

    @rule(token=TOKEN, buyer=WHO, quantity=st.integers(0, 3))
    def fill_or_change_a_cart(self, token: str, buyer: Buyer, quantity: int) -> None:
        self._moment()
        if not any(purchase.token == token for purchase in self.book.purchases):
            self.shop.cart(token, buyer=buyer, quantity=quantity, consent_declaration="email")
            self.edits.setdefault(token, []).append(self.shop.now)
            self.owners.setdefault(token, set()).update({buyer.email} - {""})
            self.has_lost_interest |= quantity == 0

    @rule(token=TOKEN, buyer=SOMEBODY)
    @precondition(lambda self: self.shop.tables["checkout"])
    def say_who_one_is(self, token: str, buyer: Buyer) -> None:
        cart = self.shop.tables["checkout"].get(token)
        if cart is not None and not cart.buyer.email:
            self.fill_or_change_a_cart(token, buyer, sum(line.quantity for line in cart.lines))

    @rule(is_confirmed=st.booleans())
    def register_an_account(self, is_confirmed: bool) -> None:
        self._moment()
        known = self.shop.tables["customer"].get("7")
        is_confirmed = is_confirmed or bool(known and known.is_confirmed)
        self.shop.customer("7", "anna@example.com", is_confirmed=is_confirmed)

    @rule(token=TOKEN, keeps_cart=st.booleans())
    def pay_for_a_cart(self, token: str, keeps_cart: bool) -> None:
        cart = self.shop.tables["checkout"].get(token)
        if cart is not None and cart.lines and cart.buyer.email:
            self._order(cart.buyer, token=token, keeps_cart=keeps_cart)

    @rule(token=TOKEN, buyer=SOMEBODY)
    def somebody_else_pays_for_a_cart(self, token: str, buyer: Buyer) -> None:
        if token in self.shop.tables["checkout"]:
            self._order(buyer, token=token)

    @rule(buyer=SOMEBODY)
    def pay_on_another_device(self, buyer: Buyer) -> None:
        """By another cart, under the same name or another; one of them has only the phone in common."""
        self._order(buyer, token=f"elsewhere-{len(self.book.purchases)}")

    @rule(buyer=SOMEBODY, token=st.sampled_from(("c0", "")), is_asked_for=st.booleans())
    def pay_at_the_last_moment(self, buyer: Buyer, token: str, is_asked_for: bool) -> None:
        """The cart is an hour old; the order commits and nobody has told us when the clock ticks."""
        self.shop.pass_time(minutes=61)
        if is_asked_for:
            self.fire_timers()
        self._order(buyer, token=token)
        self.fire_timers()
        self.release()

    @rule(token=TOKEN)
    def delete_a_cart(self, token: str) -> None:
        self._moment()
        self.has_lost_interest |= token in self.shop.tables["checkout"]
        self.shop.drop_cart(token)

    @rule(number=st.integers(0, 3))
    def cancel_an_order(self, number: int) -> None:
        self._moment()
        known = self.shop.tables["order"].get(f"o{number}")
        if known is not None:
            self.shop.order(known.order_id, buyer=known.buyer, is_cancelled=True)

    @rule(minutes=st.sampled_from((3, 25, 61, 61, 1500)), is_deaf=st.booleans())
    def time_passes_and_hardly_anybody_looks(self, minutes: int, is_deaf: bool) -> None:
        self.shop.pass_time(minutes=minutes)
        self.was_asleep |= minutes > 200
        if is_deaf:
            self.fire_timers()
            self.release()

    @rule(hours=st.sampled_from((1.1, 1.1, 1.1, 4, 24)))
    def time_passes(self, hours: float) -> None:
        end = self.shop.now + timedelta(hours=hours)
        while self.shop.now < end:
            self.shop.now = min(self.shop.now + timedelta(minutes=66), end)
            self._tick()

    def _moment(self) -> None:
        self.shop.pass_time(seconds=7)

    def _order(self, buyer: Buyer, **how: Any) -> None:
        self._moment()
        self.shop.order(f"o{len(self.book.purchases)}", buyer=buyer, **how)
        self.book.bought(buyer, how.get("token", ""), self.shop.now)
