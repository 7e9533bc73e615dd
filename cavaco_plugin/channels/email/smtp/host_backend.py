"""Mail through whatever e-mail backend the shop has, when that is not SMTP (console, file, an ESP's own)."""

import email
import email.message
import email.policy
from typing import Any, Literal

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailAlternative

from cavaco_plugin.channels.contract import Accepted, Outcome, Temporary, Uncertain
from cavaco_plugin.channels.email.mime import WireMessage


class PrebuiltMessage(EmailMessage):
    """A message that is already built, in the dress Django's backends expect."""

    def __init__(self, wire: WireMessage) -> None:
        parsed = email.message_from_bytes(wire.data, policy=email.policy.default)
        super().__init__(
            subject=str(parsed["Subject"]),
            body=_content(parsed, "plain"),
            from_email=str(parsed["From"]),
            to=[wire.recipient],
            headers={
                name: str(value) for name, value in parsed.items() if name.startswith("List-")
            },
        )
        self.alternatives = [EmailAlternative(_content(parsed, "html"), "text/html")]
        self._wire = wire

    def message(self, **_options: Any) -> Any:
        """The bytes as they were built, whichever way the backend asks for them."""
        return email.message_from_bytes(self._wire.data, policy=email.policy.SMTP)


def _content(parsed: email.message.EmailMessage, subtype: Literal["plain", "html"]) -> str:
    part = parsed.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""


class HostMailer:
    """Sends through the shop's backend. Such a backend does not say how far a failed message came."""

    is_open = True

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend

    def deliver(self, wire: WireMessage) -> Outcome:
        """Hand over one message."""
        try:
            sent = self._backend.send_messages([PrebuiltMessage(wire)])
        except Exception as error:  # noqa: BLE001  a foreign backend raises what it likes
            return Uncertain(f"The shop's e-mail backend failed: {type(error).__name__}: {error}")
        if not sent:
            return Temporary(None, "deferred", "The shop's e-mail backend sent nothing.")
        return Accepted(provider_message_id=wire.message_id)

    def check(self) -> None:
        """Nothing can be asked of an unknown backend."""

    def close(self) -> None:
        """Close it if it has something to close."""
        self._backend.close()
