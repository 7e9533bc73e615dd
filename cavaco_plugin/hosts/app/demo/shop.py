"""The sample shop: what happens in it changes its API's answers and is told by signed webhooks."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from cavaco_plugin.hosts.app.demo import payloads
from cavaco_plugin.hosts.app.demo.goods import Line
from cavaco_plugin.hosts.app.demo.mailbox.box import Box
from cavaco_plugin.hosts.app.demo.people import Person
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer


class DeliveryRefused(RuntimeError):
    """Our own door did not take a delivery of the sample shop."""


@dataclass
class SampleShop:
    """Acts for its customers; every act is one or two real deliveries at our door."""

    saleor: SaleorServer
    twilio: TwilioServer
    box: Box
    doors_url: str
    setting: payloads.Setting
    clock: Callable[[], datetime]
    delivered: int = 0
    _tokens: dict[str, str] = field(default_factory=dict)
    _carts: dict[str, Sequence[Line]] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(2001))

    def knows(self, person: Person) -> None:
        """An account of long ago, with what the person allowed then."""
        now = self.clock()
        node = payloads.customer(
            person,
            is_confirmed=True,
            joined_at=now - timedelta(days=200),
            at=now - timedelta(days=30),
            setting=self.setting,
        )
        self.box.introduce(person)
        self._tell("customer_updated", "user", "customers", node)

    def opens_account(self, person: Person) -> None:
        """A new account, its e-mail address not confirmed yet."""
        now = self.clock()
        node = payloads.customer(
            person, is_confirmed=False, joined_at=now, at=now, setting=self.setting
        )
        self._tell("customer_created", "user", "customers", node)
        asked = " and ticked “keep me posted”" if person.consent else ""
        self.box.note(person, f"Opened an account{asked}")

    def confirms_account(self, person: Person) -> None:
        """The person followed the shop's own confirmation mail."""
        now = self.clock()
        joined = now - timedelta(seconds=5)
        node = payloads.customer(
            person, is_confirmed=True, joined_at=joined, at=now, setting=self.setting
        )
        self._tell("customer_updated", "user", "customers", node)
        self.box.note(person, "Confirmed the e-mail address")

    def fills_cart(self, person: Person, *lines: Line) -> None:
        """A checkout with lines in it, and the person's e-mail address."""
        now, token = self.clock(), str(uuid.uuid4())
        self._tokens[person.email], self._carts[person.email] = token, lines
        node = payloads.checkout(
            person, lines, token=token, created_at=now, at=now, setting=self.setting
        )
        self.box.note(person, f"Put {_listed(lines)} into the cart, and went away")
        self._tell("checkout_updated", "checkout", "checkouts", node)

    def buys(
        self, person: Person, *lines: Line, elsewhere: bool = False, is_told: bool = True
    ) -> payloads.Node:
        """An order: of the cart, or `elsewhere` of a new one on another device.

        With `is_told` off the webhook is lost, as when a Saleor worker is killed.
        """
        token = str(uuid.uuid4()) if elsewhere else self._tokens[person.email]
        node = payloads.order(
            person,
            lines or self._carts[person.email],
            number=next(self._numbers),
            checkout_token=token,
            at=self.clock(),
            setting=self.setting,
        )
        where = " on another device" if elsewhere else ""
        lost = "" if is_told else " (its webhook was lost on the way)"
        self.box.note(person, f"Bought{where}: order {node['number']}{lost}")
        self.saleor.nodes["orders"][node["id"]] = node
        if is_told:
            self._deliver("order_created", "order", node)
        return node

    def ships(self, person: Person, order: payloads.Node) -> payloads.Node:
        """The parcel left the house."""
        node = payloads.fulfilled(order, at=self.clock())
        self._tell("order_fulfilled", "order", "orders", node)
        self.box.note(person, f"Order {node['number']} was sent")
        return node

    def refunds(self, person: Person, order: payloads.Node) -> None:
        """The money goes back."""
        node = payloads.refunded(order, at=self.clock())
        self._tell("order_refunded", "order", "orders", node)
        self.box.note(person, f"Order {node['number']} was refunded")

    def presses_unsubscribe(self, person: Person) -> None:
        """The button of the person's own mail program: one POST, RFC 8058."""
        letter = self.box.letters(person, "email")[-1]
        self.box.note(person, "Pressed “Unsubscribe” in the mail program")
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        post = self.saleor.post(letter.one_click_url, body=_ONE_CLICK, headers=form)
        _expect_taken("the unsubscribe page", self.saleor.call(post))

    def texts(self, person: Person, text: str) -> None:
        """The person answers a text message."""
        self.box.note(person, text, kind="wrote")
        url = f"{self.doors_url}receipts/sms/twilio/"
        to = self.box.letters(person, "sms")[-1].sender
        status = self.twilio.send_inbound(url, sender=person.phone, to=to, body=text)
        _expect_taken("Twilio's door", status)

    def _tell(self, event: str, holder: str, collection: str, node: payloads.Node) -> None:
        self.saleor.nodes[collection][node["id"]] = node
        self._deliver(event, holder, node)

    def _deliver(self, event: str, holder: str, node: payloads.Node) -> None:
        payload = payloads.delivery(event, holder, node, issued_at=self.clock())
        url = f"{self.doors_url}webhooks/saleor/"
        _expect_taken("the webhook door", self.saleor.deliver(url, payload, event=event))
        self.delivered += 1


_ONE_CLICK = b"List-Unsubscribe=One-Click"


def _expect_taken(what: str, status: int) -> None:
    if status >= 300:
        raise DeliveryRefused(f"{what} answered {status}.")


def _listed(lines: Sequence[Line]) -> str:
    names = [
        f"{line.quantity} × {line.good.name}" if line.quantity > 1 else line.good.name
        for line in lines
    ]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
