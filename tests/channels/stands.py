"""One stand per provider: its loopback server, settings for it, and the calls it makes at our door.

The contract suite runs on every stand; a new provider adds a stand here and a line to conftest.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from cavaco_plugin.channels.contract import (
    EmailContent,
    OutgoingMessage,
    Provider,
    Receipt,
    ReceiptRequest,
    Sender,
    SmsContent,
    Transport,
)
from cavaco_plugin.channels.registry import PROVIDERS
from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer
from cavaco_plugin.hosts.app.loopback.smtp import SmtpServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TOKEN = "a-token-both-sides-know"
DOOR = "https://shop.example.com/receipts/"


class Stand(ABC):
    """What the contract suite needs to know about a provider."""

    key: tuple[str, str]
    server: Any
    # How long a throttled provider asks us to wait, where its protocol can say so.
    reset_seconds: int | None = 30
    # Changes to the settings that lead to a server that is not there.
    nowhere: Mapping[str, Any] = {"api_url": "http://127.0.0.1:9"}

    @property
    def provider(self) -> Provider:
        return PROVIDERS[self.key]

    @abstractmethod
    def settings(self, **changes: Any) -> Any:
        """Settings that reach the loopback server."""

    @abstractmethod
    def wrong_credentials(self) -> dict[str, str]:
        """Changes to the settings that the server will not let in."""

    @abstractmethod
    def genuine(self, message_id: str) -> ReceiptRequest:
        """A signed call about a delivered message."""

    @abstractmethod
    def unknown(self) -> ReceiptRequest:
        """A signed call of a kind nobody has heard of."""

    @abstractmethod
    def malformed(self) -> ReceiptRequest:
        """A signed call that cannot be read."""

    @abstractmethod
    def forged(self) -> ReceiptRequest:
        """A call with a signature of the right form that is not the provider's."""

    @abstractmethod
    def unsigned(self) -> ReceiptRequest:
        """A call without any signature."""

    def message(
        self, number: int = 1, *, text: str = "Hello, the cart is waiting."
    ) -> OutgoingMessage:
        return email_message(number, text=text)

    def open(self, **changes: Any) -> Transport:
        return self.provider.open_transport(self.settings(**changes))

    def read(self, request: ReceiptRequest) -> list[Receipt]:
        return self.provider.read_receipts(request, self.settings())


def email_message(number: int = 1, *, text: str = "Hello", **changes: Any) -> OutgoingMessage:
    values: dict[str, Any] = {
        "key": f"flow:{number}",
        "address": f"person{number}@example.com",
        "sender": Sender("shop@example.org", "The Shop", "help@example.org"),
        "content": EmailContent(subject=text, html=f"<p>{text}</p>", text=text),
        "headers": {
            "List-Unsubscribe": f"<https://shop.example.org/u/{number}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "message_id": f"public{number:05d}",
    }
    return OutgoingMessage(**(values | changes))


def sms_message(number: int = 1, *, text: str = "Hello", **changes: Any) -> OutgoingMessage:
    values: dict[str, Any] = {
        "key": f"flow:{number}",
        "address": f"+4915110{number:06d}",
        "sender": Sender(""),
        "content": SmsContent(text),
        "message_id": f"public{number:05d}",
    }
    return OutgoingMessage(**(values | changes))


@dataclass
class SmtpStand(Stand):
    server: SmtpServer
    key = ("email", "smtp")
    reset_seconds = None  # SMTP has no words for it
    nowhere = {"port": 9}

    def settings(self, **changes: Any) -> Any:
        values = {
            "host": "127.0.0.1",
            "port": self.server.port,
            "security": "none",
            "username": "shop",
            "password": "right",
            "timeout_seconds": 1,
            "receipts_token": TOKEN,
        }
        return self.provider.Settings(**(values | changes))

    def wrong_credentials(self) -> dict[str, str]:
        return {"password": "wrong"}

    def genuine(self, message_id: str) -> ReceiptRequest:
        return self._report(
            delivery_report(message_id=message_id, action="delivered", status="2.0.0")
        )

    def unknown(self) -> ReceiptRequest:
        return self._report(delivery_report(message_id="m1", action="teleported", status="2.0.0"))

    def malformed(self) -> ReceiptRequest:
        return self._report(b"Subject: hello\r\n\r\nno report at all")

    def forged(self) -> ReceiptRequest:
        return self._report(delivery_report(message_id="m1"), token="another token")

    def unsigned(self) -> ReceiptRequest:
        return request(delivery_report(message_id="m1"), {})

    def _report(self, body: bytes, token: str = TOKEN) -> ReceiptRequest:
        return request(body, {"authorization": f"Bearer {token}"})


@dataclass
class SendGridStand(Stand):
    server: SendGridServer
    key = ("email", "sendgrid")

    def settings(self, **changes: Any) -> Any:
        values = {
            "api_key": self.server.api_key,
            "api_url": self.server.url,
            "webhook_public_key": self.server.webhook_public_key,
            "timeout_seconds": 1,
        }
        return self.provider.Settings(**(values | changes))

    def wrong_credentials(self) -> dict[str, str]:
        return {"api_key": "SG.wrong"}

    def genuine(self, message_id: str) -> ReceiptRequest:
        return self.events(self.event("delivered", message_id=message_id))

    def unknown(self) -> ReceiptRequest:
        return self.events(self.event("teleported"))

    def malformed(self) -> ReceiptRequest:
        return request(*self.server.sign(b'{"not": "a list"', at=self._now))

    def forged(self) -> ReceiptRequest:
        other = SendGridServer()
        return request(*other.signed([self.event("delivered")], at=self._now))

    def unsigned(self) -> ReceiptRequest:
        return request(b"[]", {})

    def event(self, kind: str, *, message_id: str = "m1", **more: Any) -> dict[str, Any]:
        event = self.server.event(kind, message_id=message_id, address="person@example.com")
        return event | {"timestamp": self._now} | more

    def events(self, *events: dict[str, Any], at: int | None = None) -> ReceiptRequest:
        return request(*self.server.signed(list(events), at=self._now if at is None else at))

    _now = int(NOW.timestamp())


@dataclass
class TwilioStand(Stand):
    server: TwilioServer
    key = ("sms", "twilio")

    def settings(self, **changes: Any) -> Any:
        values = {
            "account_sid": self.server.account_sid,
            "auth_token": self.server.auth_token,
            "api_url": self.server.url,
            "from_number": "+15005550006",
            "receipts_url": DOOR,
            "timeout_seconds": 1,
        }
        return self.provider.Settings(**(values | changes))

    def message(
        self, number: int = 1, *, text: str = "Hello, the cart is waiting."
    ) -> OutgoingMessage:
        return sms_message(number, text=text)

    def wrong_credentials(self) -> dict[str, str]:
        return {"auth_token": "wrong"}

    def genuine(self, message_id: str) -> ReceiptRequest:
        return self.status("delivered", message_id=message_id)

    def unknown(self) -> ReceiptRequest:
        return self.status("teleported")

    def malformed(self) -> ReceiptRequest:
        return self.signed({"Hello": "world"})

    def forged(self) -> ReceiptRequest:
        other = TwilioServer(auth_token="another token")
        body, headers = other.status_call(DOOR, sid="SM1", status="delivered", to="+49151")
        return request(body, headers)

    def unsigned(self) -> ReceiptRequest:
        return request(urlencode({"MessageSid": "SM1", "MessageStatus": "sent"}).encode(), {})

    def status(
        self, status: str, *, message_id: str = "m1", sid: str = "SM1", error_code: str = ""
    ) -> ReceiptRequest:
        url = f"{DOOR}?message={message_id}"
        body, headers = self.server.status_call(
            url, sid=sid, status=status, to="+4915110000001", error_code=error_code
        )
        return request(body, headers, url=url)

    def signed(self, form: dict[str, str], *, url: str = DOOR) -> ReceiptRequest:
        body, headers = self.server.sign(url, form)
        return request(body, headers, url=url)


def request(body: bytes, headers: dict[str, str], *, url: str = DOOR) -> ReceiptRequest:
    return ReceiptRequest(method="POST", url=url, headers=headers, body=body, received_at=NOW)


def delivery_report(
    *,
    message_id: str,
    action: str = "failed",
    status: str = "5.1.1",
    address: str = "person@example.com",
) -> bytes:
    """An RFC 3464 report as a mail server writes it."""
    return f"""From: MAILER-DAEMON@mx.example.com
To: shop@example.org
Subject: Undelivered Mail Returned to Sender
Date: Sat, 21 Nov 2026 11:59:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain; charset=us-ascii

Sorry.

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user

--edge
Content-Type: message/rfc822

Message-ID: <{message_id}@example.org>
Subject: Your cart

Hello
--edge--
""".replace("\n", "\r\n").encode()


def feedback_report(*, message_id: str, kind: str = "abuse") -> bytes:
    """An RFC 5965 report as a mailbox provider writes it."""
    return f"""From: feedback@isp.example.com
Subject: complaint
Date: Sat, 21 Nov 2026 11:59:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="edge"

--edge
Content-Type: text/plain

A complaint.

--edge
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Isp/1.0
Version: 1
Original-Rcpt-To: person@example.com

--edge
Content-Type: message/rfc822

Message-ID: <{message_id}@example.org>
Subject: Your cart

Hello
--edge--
""".replace("\n", "\r\n").encode()
