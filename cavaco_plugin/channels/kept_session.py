"""HTTP with connections that are kept: one aiohttp session per transport."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from cavaco_plugin.channels.answers import no_answer
from cavaco_plugin.channels.contract import Misconfigured, Temporary, Uncertain

# Below the idle time after which providers' front doors close a connection: a request must not meet a
# connection that is just being closed, for then nobody knows whether it arrived.
KEEP_ALIVE_SECONDS = 15


class NoAnswer(Exception):
    """The request brought no answer about the message; `outcome` is what that means."""

    def __init__(self, outcome: Temporary | Uncertain | Misconfigured) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    text: str


class KeptSession:
    """Opened on the event loop that first asks, closed with the transport."""

    def __init__(self, *, connections: int, timeout_seconds: float) -> None:
        self._connections = connections
        self._timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=timeout_seconds, sock_read=timeout_seconds
        )
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def ask(self, method: str, url: str | URL, **request: Any) -> Answer:
        """One request, never repeated by itself. Raises NoAnswer."""
        try:
            async with self._open().request(
                method, url, allow_redirects=False, **request
            ) as response:
                # All providers answer in UTF-8; looking for another charset costs more than reading.
                text = (await response.read()).decode(errors="replace")
                return Answer(response.status, response.headers, text)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NoAnswer(no_answer(error)) from None

    def _open(self) -> aiohttp.ClientSession:
        if self._is_closed:
            raise RuntimeError("this transport is closed: open another one")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEP_ALIVE_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Close every connection."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()
