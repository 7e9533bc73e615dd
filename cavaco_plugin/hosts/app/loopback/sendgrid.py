"""SendGrid's v3 API on 127.0.0.1: mail/send, scopes and the signed event webhook."""

import asyncio
import base64
import json
import time
import uuid
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cavaco_plugin.channels.email.sendgrid.receipts import SIGNATURE, TIMESTAMP
from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.hosts.app.loopback.http import HttpServer, hang_up
from cavaco_plugin.hosts.app.loopback.ledger import Taken

Event = dict[str, Any]


class SendGridServer(HttpServer):
    """Takes mail for `api_key`; with `events_url` it reports `report` events about each message, signed."""

    def __init__(
        self,
        *,
        api_key: str = "SG.loopback",
        scopes: tuple[str, ...] = ("mail.send",),
        events_url: str = "",
        report: tuple[str, ...] = ("processed", "delivered"),
        report_after: float = 0.05,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.api_key = api_key
        self.scopes = scopes
        self.events_url = events_url
        self.report = report
        self.report_after = report_after
        self._signing_key = ec.generate_private_key(ec.SECP256R1())

    @property
    def webhook_public_key(self) -> str:
        """The public key, as SendGrid's page shows it."""
        public = self._signing_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(public).decode()

    def routes(self) -> list[web.RouteDef]:
        """mail/send and scopes."""
        return [
            web.post("/v3/mail/send", self._mail_send),
            web.get("/v3/scopes", self._scopes),
        ]

    async def _scopes(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return _error(401, "The provided authorization grant is invalid, expired, or revoked")
        return web.json_response({"scopes": list(self.scopes)})

    async def _mail_send(self, request: web.Request) -> web.Response:
        mail = json.loads(await request.read())
        if not self._knows(request):
            return _error(401, "The provided authorization grant is invalid, expired, or revoked")
        if self.latency:
            await asyncio.sleep(self.latency)
        behaviour = self.script.next(mail["personalizations"][0]["to"][0]["email"])
        refusal = _refusal(behaviour)
        if refusal is not None:
            return refusal
        if isinstance(behaviour, script.HangUpBeforeReading):
            hang_up(request)
            return web.Response()
        mail_id = uuid.uuid4().hex[:22]
        for personalization in mail["personalizations"]:
            self._take(mail, personalization, mail_id)
        await self.linger(request, behaviour)
        return web.Response(status=202, headers={"X-Message-Id": mail_id})

    def _knows(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.api_key}"

    def _take(self, mail: Event, personalization: Event, mail_id: str) -> None:
        address = personalization["to"][0]["email"]
        key = personalization.get("custom_args", {}).get("message_id", "")
        self.ledger.note(
            Taken(
                key=key,
                address=address,
                sender=mail["from"]["email"],
                provider_message_id=mail_id,
                raw=mail,
            )
        )
        if self.events_url:
            events = [
                self.event(kind, message_id=key, address=address, mail_id=mail_id)
                for kind in self.report
            ]
            body, headers = self.signed(events)
            self.post_later(self.events_url, body=body, headers=headers, after=self.report_after)

    def event(
        self, kind: str, *, message_id: str, address: str, mail_id: str = "", **more: Any
    ) -> Event:
        """One event as SendGrid writes it."""
        return {
            "event": kind,
            "email": address,
            "timestamp": int(time.time()),
            "sg_event_id": uuid.uuid4().hex,
            "sg_message_id": f"{mail_id or uuid.uuid4().hex[:22]}.recvd-loopback-1",
            "message_id": message_id,
            **more,
        }

    def signed(self, events: list[Event], *, at: int | None = None) -> tuple[bytes, dict[str, str]]:
        """The body and headers of a genuine call."""
        return self.sign(json.dumps(events).encode(), at=at)

    def sign(self, body: bytes, *, at: int | None = None) -> tuple[bytes, dict[str, str]]:
        """Sign any body, readable or not."""
        timestamp = str(int(time.time()) if at is None else at)
        signature = self._signing_key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return body, {
            "Content-Type": "application/json",
            SIGNATURE: base64.b64encode(signature).decode(),
            TIMESTAMP: timestamp,
        }

    def send_events(self, url: str, events: list[Event]) -> int:
        """Call a receipts door now; the answer's status."""
        body, headers = self.signed(events)
        return self.call(self.post(url, body=body, headers=headers))


def _refusal(behaviour: script.Behaviour) -> web.Response | None:
    match behaviour:
        case script.Refuse(code=code, text=text):
            words = text or "Does not contain a valid address."
            return _error(code or 400, words, "" if text else "personalizations.0.to.0.email")
        case script.Throttle(seconds=seconds):
            response = _error(429, "too many requests")
            response.headers["X-RateLimit-Reset"] = str(int(time.time()) + seconds)
            return response
        case script.ServerError(status=status):
            return _error(status, "internal error")
        case script.WrongCredentials():
            return _error(401, "The provided authorization grant is invalid, expired, or revoked")
    return None


def _error(status: int, message: str, field: str = "") -> web.Response:
    body = {"errors": [{"message": message, "field": field or None, "help": None}]}
    return web.json_response(body, status=status)
