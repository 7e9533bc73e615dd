"""Our side of the counter: it hears, its clock ticks, and every reminder is checked against the book."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, rule

from cavaco_plugin import pipeline
from cavaco_plugin.events.queries import open_events
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.store import port
from cavaco_plugin.store.snapshots import Buyer
from tests.path.shop import Shop
from tests.promises.accounts import unexplained
from tests.promises.book import Book, keys_of
from tests.promises.providers import Providers


class Keeping(RuleBasedStateMachine):
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
        self.owners: dict[str, set[str]] = {}
        self.has_lost_interest = self.was_asleep = False
        self.providers.forget()
        port.use(self.shop)

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
            # Who takes over somebody's cart has not agreed to anything by that.
            is_theirs = cart.buyer.email and len(self.owners[cart.token]) == 1
            if not cart.lines or not is_theirs or not self.book.never_bought(theirs):
                continue
            if any(purchase.token == cart.token for purchase in self.book.purchases):
                continue
            self.owed.append(cart.token)
            assert theirs & reminded, f"nobody reminded {cart.buyer} of {cart.token}"
