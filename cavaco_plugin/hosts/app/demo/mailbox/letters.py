"""What the loopback providers took, as a customer's mail and telephone show it. Pure."""

import email
import email.policy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from cavaco_plugin.hosts.app.loopback.ledger import Taken

_LINK = re.compile(r"<(https?://[^>]+)>")
_PREHEADER_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Letter:
    """One message that arrived. `key` is the public id of the Message it was."""

    key: str
    channel: str
    address: str
    at: datetime
    sender: str
    subject: str = ""
    html: str = ""
    text: str = ""
    one_click_url: str = ""

    @property
    def preview(self) -> str:
        """Its first words."""
        words = " ".join(self.text.split())
        return words[:_PREHEADER_LENGTH] + ("…" if len(words) > _PREHEADER_LENGTH else "")


def letter_of(taken: Taken, *, at: datetime) -> Letter:
    """An e-mail's bytes or an SMS's form, read as a recipient reads it."""
    if isinstance(taken.raw, Mapping):
        return Letter(
            key=taken.key,
            channel="sms",
            address=taken.address,
            at=at,
            sender=taken.sender,
            text=str(taken.raw.get("Body", "")),
        )
    mail = email.message_from_bytes(taken.raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return Letter(
        key=taken.key,
        channel="email",
        address=taken.address.lower(),
        at=at,
        sender=parseaddr(str(mail["From"]))[0] or taken.sender,
        subject=str(mail["Subject"]),
        html=_body(mail, "html"),
        text=_body(mail, "plain"),
        one_click_url=_one_click(mail),
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part: Any = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _one_click(mail: EmailMessage) -> str:
    """Where a mail program posts when a person presses its own unsubscribe button (RFC 8058)."""
    if "One-Click" not in str(mail.get("List-Unsubscribe-Post", "")):
        return ""
    found = _LINK.search(str(mail.get("List-Unsubscribe", "")))
    return found[1] if found else ""
