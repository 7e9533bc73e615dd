"""Twilio as a transport: its SDK's client over kept connections."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from cavaco_plugin.channels.contract import (
    Accepted,
    Money,
    Outcome,
    OutgoingMessage,
    Permanent,
    SmsContent,
    Uncertain,
)
from cavaco_plugin.channels.kept_session import KeptSession, NoAnswer
from cavaco_plugin.channels.slices import Lanes
from cavaco_plugin.channels.sms.prices import price_of
from cavaco_plugin.channels.sms.segments import count_segments
from cavaco_plugin.channels.sms.twilio.error_codes import outcome_of_error
from cavaco_plugin.channels.sms.twilio.settings import TwilioSettings


def open_transport(settings: TwilioSettings) -> "TwilioTransport":
    """A transport that connects when it first sends."""
    return TwilioTransport(settings)


class TwilioTransport:
    """Creates messages in Twilio's 2010-04-01 API."""

    max_batch = 500

    def __init__(self, settings: TwilioSettings) -> None:
        from cavaco_plugin.channels.sms.twilio.client import open_client

        self.concurrency = settings.connections
        self._settings = settings
        self._lanes = Lanes(settings.connections)
        self._session = KeptSession(
            connections=settings.connections, timeout_seconds=settings.timeout_seconds
        )
        self._messages = open_client(settings, self._session).messages

    async def send(self, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        """One outcome per message, in order."""
        return await self._lanes.run(messages, self._send_one)

    async def _send_one(self, message: OutgoingMessage) -> Outcome:
        from twilio.base.exceptions import TwilioException

        content = message.content
        if not isinstance(content, SmsContent):
            raise TypeError("an SMS transport takes messages with SmsContent")
        if not content.body:
            return Permanent(
                code="empty_body", detail="body: it is empty. Give the message a text."
            )
        try:
            made = await self._messages.create_async(
                to=message.address, body=_writable(content.body), **self._options(message)
            )
        except NoAnswer as silence:
            return silence.outcome
        except TwilioException as error:
            return _refusal(error)
        except (ValueError, LookupError, TypeError) as error:
            # A good status with a body the SDK cannot read: taken, most likely, but without its name.
            return Uncertain(f"Twilio's answer cannot be read: {error}")
        return Accepted(provider_message_id=made.sid, cost=self._cost(message, content, made))

    def _options(self, message: OutgoingMessage) -> dict[str, str]:
        sender = message.sender.address or self._settings.messaging_service_sid
        if not sender.startswith("MG"):
            options = {"from_": sender or self._settings.from_number}
        else:
            options = {"messaging_service_sid": sender}
        if self._settings.receipts_url:
            # The public id rides in the address Twilio reports to, for a receipt names only Twilio's own id.
            query = f"message={quote(message.message_id)}"
            options["status_callback"] = f"{self._settings.receipts_url}?{query}"
        return options

    def _cost(self, message: OutgoingMessage, content: SmsContent, made: Any) -> Money:
        segments = str(made.num_segments or "")
        # A messaging service answers "0" until it has chosen a sender.
        count = int(segments) if segments.isdecimal() and segments != "0" else 0
        return price_of(
            address=message.address,
            segments=count or count_segments(content.body).count,
            prices=self._settings.prices,
            currency=self._settings.price_currency,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()


def _refusal(error: Exception) -> Outcome:
    """The SDK has two kinds of error with the same facts in them."""
    return outcome_of_error(
        code=int(getattr(error, "code", 0) or 0),
        status=int(getattr(error, "status", 0)),
        detail=str(getattr(error, "msg", "") or getattr(error, "title", "")),
    )


def _writable(text: str) -> str:
    """Half of an emoji, cut off somewhere before us, has no UTF-8 form: a question mark stands for it."""
    return text.encode("utf-8", "replace").decode()
