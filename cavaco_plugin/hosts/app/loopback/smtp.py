"""A mail server that takes what it is told to take, with failures on demand."""

import asyncio
import logging
import re
import ssl
from typing import Any, cast
from weakref import WeakKeyDictionary

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.hosts.app.loopback.ledger import Taken
from cavaco_plugin.hosts.app.loopback.server import LoopbackServer

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


class SmtpServer(LoopbackServer):
    """SMTP on 127.0.0.1. With `users` a login is asked for (name → password)."""

    def __init__(
        self, *, users: dict[str, str] | None = None, pipelining: bool = True, **options: Any
    ) -> None:
        super().__init__(**options)
        self.users = users or {}
        self.pipelining = pipelining
        # With a certificate it offers STARTTLS.
        self.certificate: ssl.SSLContext | None = None
        self.connections: set[asyncio.Transport] = set()
        self.sessions = 0
        # A server that takes only so many connections greets the next one with 421.
        self.most_connections: int | None = None
        self._server: asyncio.Server | None = None

    async def open_door(self) -> None:
        # It logs every line of every conversation.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._conversation, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close_door(self) -> None:
        if self._server is not None:
            self._server.close()
        await self.drop()

    @property
    def connection_count(self) -> int:
        """How many connections are open now."""
        return len(self.connections)

    async def drop(self) -> None:
        for connection in list(self.connections):
            connection.abort()

    def _conversation(self) -> SMTP:
        return Conversation(
            self,
            Handler(self),
            hostname="loopback.invalid",
            ident="loopback",
            enable_SMTPUTF8=False,
            decode_data=False,
            loop=asyncio.get_running_loop(),
            auth_require_tls=False,
            tls_context=self.certificate,
            authenticator=self._authenticate if self.users else None,
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        known = self.users.get(data.login.decode()) == data.password.decode()
        # `handled=False` leaves the words of a refusal to aiosmtpd.
        return AuthResult(success=known, handled=False)


class Conversation(SMTP):
    """aiosmtpd's server, with a list of who is connected."""

    def __init__(self, server: SmtpServer, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._owner = server

    def connection_made(self, transport: Any) -> None:
        owner = self._owner
        owner.connections.add(transport)
        owner.sessions += 1
        if owner.most_connections is not None and len(owner.connections) > owner.most_connections:
            transport.write(b"421 4.7.0 Too many connections\r\n")
            transport.close()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._owner.connections.discard(cast(asyncio.Transport, self.transport))
        super().connection_lost(error)


class Handler:
    """Plays the script: envelope behaviours at RCPT, the others once the data is in."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._behaviours: WeakKeyDictionary[Envelope, script.Behaviour] = WeakKeyDictionary()

    async def handle_EHLO(  # noqa: N802  aiosmtpd finds it by this name
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        replies: list[str],
    ) -> list[str]:
        session.host_name = hostname
        extra = ["250-PIPELINING"] if self._server.pipelining else []
        return [*replies[:-1], *extra, replies[-1]]

    async def handle_MAIL(  # noqa: N802  aiosmtpd finds it by this name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._server.users and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd finds it by this name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        behaviour = self._server.script.next(address)
        self._behaviours[envelope] = behaviour
        match behaviour:
            case script.Refuse(code=code, text=text):
                return f"{code or 550} {text or '5.1.1 No such user here'}"
            case script.Throttle():
                return "421 4.7.0 Too many messages, try again later"
            case script.ServerError(status=status):
                return f"{status if status < 500 else 451} 4.3.0 Internal trouble"
            case script.WrongCredentials():
                return "530 5.7.0 Authentication required"
            case script.HangUpBeforeReading():
                _cut(server)
                await asyncio.sleep(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd finds it by this name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self._server.latency:
            await asyncio.sleep(self._server.latency)
        self._take(envelope)
        match self._behaviours.pop(envelope, None):
            case script.TimeOutAfterAccepting(seconds=seconds):
                await asyncio.sleep(seconds)
            case script.HangUpAfterAccepting():
                _cut(server)
        return "250 2.0.0 Taken"

    def _take(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        found = _MESSAGE_ID.search(content)
        message_id = found.group(1).decode("ascii", "replace") if found else ""
        for address in envelope.rcpt_tos:
            self._server.ledger.note(
                Taken(
                    key=message_id.partition("@")[0],
                    address=address,
                    sender=envelope.mail_from or "",
                    provider_message_id=message_id,
                    raw=content,
                )
            )


def _cut(server: SMTP) -> None:
    """Cut the connection without a word."""
    if server.transport is not None:
        cast(asyncio.Transport, server.transport).abort()
