"""SendGrid as a transport: one call per message over kept connections."""

import json
from collections.abc import Sequence

from yarl import URL

from cavaco_plugin.channels.answers import server_trouble
from cavaco_plugin.channels.contract import (
    Accepted,
    Misconfigured,
    Outcome,
    OutgoingMessage,
    Permanent,
)
from cavaco_plugin.channels.email.headers import BadHeader
from cavaco_plugin.channels.email.sendgrid import payload
from cavaco_plugin.channels.email.sendgrid.settings import SendGridSettings
from cavaco_plugin.channels.kept_session import Answer, KeptSession, NoAnswer
from cavaco_plugin.channels.slices import Lanes


def open_transport(settings: SendGridSettings) -> "SendGridTransport":
    """A transport that connects when it first sends."""
    return SendGridTransport(settings)


class SendGridTransport:
    """Posts to /v3/mail/send."""

    max_batch = 500

    def __init__(self, settings: SendGridSettings) -> None:
        self.concurrency = settings.connections
        self._url = URL(f"{settings.api_url}/v3/mail/send")
        self._headers = {
            "Authorization": f"Bearer {settings.api_key.get_secret_value()}",
            "Content-Type": "application/json",
        }
        self._constant = payload.constant_part(settings)
        self._lanes = Lanes(settings.connections)
        self._session = KeptSession(
            connections=settings.connections, timeout_seconds=settings.timeout_seconds
        )

    async def send(self, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        """One outcome per message, in order."""
        return await self._lanes.run(messages, self._send_one)

    async def _send_one(self, message: OutgoingMessage) -> Outcome:
        try:
            body = payload.encode(payload.build(message, self._constant))
            answer = await self._session.ask("POST", self._url, data=body, headers=self._headers)
        except BadHeader as error:
            return Permanent(code="invalid_message", detail=str(error))
        except NoAnswer as silence:
            return silence.outcome
        return outcome_of(answer)

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()


def outcome_of(answer: Answer) -> Outcome:
    """What SendGrid's answer means for the message."""
    if 200 <= answer.status < 300:
        return Accepted(provider_message_id=answer.headers.get("X-Message-Id", ""))
    detail, field = _first_error(answer.text)
    trouble = server_trouble(status=answer.status, headers=answer.headers, detail=detail)
    if trouble is not None:
        return trouble
    if answer.status == 400 and field.startswith("personalizations") and "to" in field.split("."):
        return Permanent(code="invalid_address", detail=detail, suppress=True)
    if answer.status == 413 or (answer.status == 400 and not field.startswith("from")):
        return Permanent(code="refused", detail=detail)
    # 401 no such key, 403 key or sender not allowed, 404 and 405 wrong address: so for every message.
    return Misconfigured(code="not_allowed", detail=f"HTTP {answer.status}: {detail}")


def _first_error(text: str) -> tuple[str, str]:
    """SendGrid's first complaint and the field it is about."""
    try:
        error = json.loads(text)["errors"][0]
        return str(error.get("message", "")), str(error.get("field") or "")
    except (ValueError, LookupError, TypeError, AttributeError):
        return text[:200], ""
