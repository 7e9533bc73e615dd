"""What a channel's provider takes and gives back: the one seam between us and the world outside.

Everything here is a value. A provider is a folder with three modules (transport, receipts, settings)
and a `PROVIDER` built from them; `registry.py` lists it. docs/adding-a-channel.md shows how.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, Protocol

from pydantic import BaseModel

EMAIL = "email"
SMS = "sms"
# Every channel there is, in the order people read them.
CHANNELS = (EMAIL, SMS)


@dataclass(frozen=True, slots=True)
class Money:
    """What a message cost us, in the provider's currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a message comes from; an SMS has only the address (a number, or a messaging service)."""

    address: str
    name: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class EmailContent:
    """A rendered e-mail."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class SmsContent:
    """A rendered text message."""

    body: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message for one address, ready for the provider.

    `key` is the outbox's own key. `message_id` is the public id: it travels with the message and
    comes back in receipts, so that a receipt finds its message even when the provider's answer was lost.
    """

    key: str
    address: str
    sender: Sender
    content: EmailContent | SmsContent
    headers: Mapping[str, str] = field(default_factory=dict)
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message."""

    provider_message_id: str
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class Temporary:
    """The provider did not take the message now; the same message may be offered again.

    `retry_after` is what the provider asked for, when it did.
    """

    retry_after: timedelta | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Permanent:
    """The provider will never take this message for this address.

    `suppress` says that the address itself is the reason, so nothing more should go there.
    """

    code: str
    detail: str
    suppress: bool = False


@dataclass(frozen=True, slots=True)
class Misconfigured:
    """Our settings are wrong, so every message of this channel would fail: stop and tell staff."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """No answer after the request may have arrived: sent or not, nobody knows until a receipt comes."""

    detail: str


Outcome = Accepted | Temporary | Permanent | Misconfigured | Uncertain

# Codes of a Temporary that speak of the provider as a whole, not of one address. The circuit breaker
# counts these; any other temporary refusal (a full mailbox, grey-listing) says nothing about the next message.
UNREACHABLE = "unreachable"  # no connection
THROTTLED = "throttled"  # too fast
UNAVAILABLE = "unavailable"  # the provider says it is down
NOT_STARTED = "not_started"  # our own patience ran out before this message's turn
PROVIDER_WIDE = frozenset({UNREACHABLE, THROTTLED, UNAVAILABLE})


class Transport(Protocol):
    """An open way to a provider, with its connections kept. It belongs to the event loop it first sends on."""

    @property
    def max_batch(self) -> int:
        """The most messages one `send` takes."""

    @property
    def concurrency(self) -> int:
        """How many messages are under way at once, over all calls of `send`; the transport sees to it itself."""

    async def send(self, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        """One outcome per message, in order. Never raises for what a provider or a message does.

        It begins no message after 30 seconds: those come back Temporary("not_started"), untouched.
        """

    async def close(self) -> None:
        """Give back every socket and thread; a closed transport sends no more."""


ReceiptKind = Literal[
    "accepted",
    "delivered",
    "deferred",
    "bounced",
    "failed",
    "complained",
    "opened",
    "clicked",
    "unsubscribed",
    "received",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class ReceiptRequest:
    """A provider's call at our door. `url` is the full address it called, query included."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime

    def header(self, name: str) -> str:
        """The header's value whatever the case of its name, or an empty text."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One thing a provider tells us about a message, or a message from a person (`received`).

    `event_id` is the same each time the provider repeats itself. `is_machine` marks opens and clicks that
    no person made. A kind we do not know is `unknown`, kept in `raw`, and moves nothing.
    """

    provider: str
    event_id: str
    kind: ReceiptKind
    provider_message_id: str
    message_id: str
    address: str
    occurred_at: datetime
    is_machine: bool = False
    code: str = ""
    detail: str = ""
    text: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


class ReceiptRefused(Exception):
    """A call at the receipts door that we do not take."""


class ForgedReceipt(ReceiptRefused):
    """The call is not proved to come from the provider."""


class MalformedReceipt(ReceiptRefused):
    """The call is signed but we cannot read it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with settings, in words a shop owner can act on."""

    code: str
    message: str
    remedy: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider of one channel. `open_transport`, `read_receipts` and `check` import their SDK when called.

    `check` asks the provider whether the settings work; it blocks and uses the network. An empty list is good.
    """

    name: str
    channel: str
    Settings: type[BaseModel]
    open_transport: Callable[[Any], Transport]
    read_receipts: Callable[[ReceiptRequest, Any], list[Receipt]]
    check: Callable[[Any], list[Finding]]

    @property
    def key(self) -> tuple[str, str]:
        """What the registry knows it by."""
        return self.channel, self.name
