"""Both providers and what they took."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer


@dataclass(frozen=True)
class Providers:
    """Mail and text messages."""

    mail: SendGridServer
    texts: TwilioServer

    def settings(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        mail = {"api_key": self.mail.api_key, "api_url": self.mail.url, "timeout_seconds": 5}
        yield "email", "sendgrid", mail
        texts = {
            "account_sid": self.texts.account_sid,
            "auth_token": self.texts.auth_token,
            "from_number": "+15005550006",
            "api_url": self.texts.url,
            "timeout_seconds": 5,
        }
        yield "sms", "twilio", texts

    def forget(self) -> None:
        for server in (self.mail, self.texts):
            server.ledger.clear()
            server.script.clear()

    def mails(self) -> Counter[str]:
        """How often each mail was taken, by its public id."""
        return self.mail.ledger.counts

    def total(self) -> int:
        """How many messages left the house."""
        return len(self.mail.ledger.messages) + len(self.texts.ledger.messages)
