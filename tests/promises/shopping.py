"""People in a shop, doing anything in any order, while our clock ticks when it likes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from cavaco_plugin import pipeline
from cavaco_plugin.events.queries import open_events
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.store import port
from cavaco_plugin.store.snapshots import Buyer
from tests.path.shop import Shop
from tests.path.world import deliver, poke
from tests.promises.accounts import unexplained
from tests.promises.book import Book, keys_of
from tests.promises.providers import Providers

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


class Shopping(RuleBasedStateMachine):
    """One example is one transaction, which is rolled back."""

    providers: ClassVar[Providers]
    # Over all examples: reminders checked, and people who had to get one.
    checked: ClassVar[list[str]]
    owed: ClassVar[list[str]]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.shop, self.book = Shop(), Book()
        self.edits: dict[str, list[datetime]] = {}
        self.has_lost_interest = self.was_asleep = False
        self.providers.forget()
        port.use(self.shop)

    @initialize(tell=st.sampled_from((poke, deliver)), buyer=SOMEBODY)
    def open_the_shop(self, tell: Callable[..., None], buyer: Buyer) -> None:
        self.shop.tell = tell
        self.fill_or_change_a_cart("c0", buyer, 1)

    @rule(token=TOKEN, buyer=WHO, quantity=st.integers(0, 3))
    def fill_or_change_a_cart(self, token: str, buyer: Buyer, quantity: int) -> None:
        self._moment()
        if not any(purchase.token == token for purchase in self.book.purchases):
            self.shop.cart(token, buyer=buyer, quantity=quantity, consent_declaration="email")
            self.edits.setdefault(token, []).append(self.shop.now)
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
        self._order(buyer, token=f"elsewhere-{len(self.book.purchases)}")

    @rule()
    def order_under_another_address_with_the_same_phone(self) -> None:
        self._order(ANNA_AT_WORK)

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

    @rule(minutes=st.sampled_from((3, 25, 61, 240, 1500)))
    def time_passes_and_nobody_looks(self, minutes: int) -> None:
        self.shop.pass_time(minutes=minutes)
        self.was_asleep |= minutes > 200

    @rule(hours=st.sampled_from((1.1, 1.1, 1.1, 4, 24)))
    def time_passes(self, hours: float) -> None:
        end = self.shop.now + timedelta(hours=hours)
        while self.shop.now < end:
            self.shop.now = min(self.shop.now + timedelta(minutes=66), end)
            self._tick()

    @rule()
    def hear(self) -> None:
        for event in open_events(now=self.shop.now, limit=100):
            told = self._told(event)
            pipeline.handle_store_event(event=event, now=self.shop.now)
            self.book.heard(told)

    @rule()
    def fire_timers(self) -> None:
        pipeline.run_due(now=self.shop.now)

    @rule()
    def release(self) -> None:
        before = self.providers.mails()
        pipeline.release_due(now=self.shop.now)
        for public_id in self.providers.mails() - before:
            self._check(Message.objects.get(public_id=public_id))

    def _tick(self) -> None:
        self.hear()
        self.fire_timers()
        self.release()

    def _moment(self) -> None:
        self.shop.pass_time(seconds=7)

    def _order(self, buyer: Buyer, **how: Any) -> None:
        self._moment()
        self.shop.order(f"o{len(self.book.purchases)}", buyer=buyer, **how)
        self.book.bought(buyer, how.get("token", ""), self.shop.now)

    def _told(self, event: Any) -> Buyer:
        if event.payload is not None:
            return Buyer.model_validate(event.payload["buyer"])
        known = self.shop.tables[event.kind].get(event.subject_id)
        return known.buyer if known else Buyer()

    def _check(self, message: Message) -> None:
        if message.topic != "cart_reminders":
            return
        token, since = message.subject["checkout"], message.purchase_proof_since
        assert since in self.edits[token], "a reminder knows when its cart was last touched"
        bought = self.book.voids(address=message.address, token=token, since=since)
        assert bought == [], f"{message.template_key} was sent after {bought}"
        self.checked.append(message.template_key)

    def teardown(self) -> None:
        try:
            if not self.was_asleep and not self.has_lost_interest:
                self._collect_debts()
            assert unexplained() == []
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _collect_debts(self) -> None:
        """Whoever left a cart and bought nothing was reminded, at one of their addresses."""
        for hours in (0, 1.1, 10, 1):  # a night is nine hours long
            self.shop.pass_time(hours=hours)
            self._tick()
        reminded = {taken.address for taken in self.providers.mail.ledger.messages}
        for cart in self.shop.tables["checkout"].values():
            theirs = frozenset().union(*(self.book.known_with(key) for key in keys_of(cart.buyer)))
            if not cart.lines or not cart.buyer.email or not self.book.never_bought(theirs):
                continue
            if any(purchase.token == cart.token for purchase in self.book.purchases):
                continue
            self.owed.append(cart.token)
            assert theirs & reminded, f"nobody reminded {cart.buyer} of {cart.token}"
