"""What the HTTP loopback providers share: a port, and calls to our receipts door."""

import asyncio
from typing import Any

import aiohttp
from aiohttp import web

from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.hosts.app.loopback.server import LoopbackServer


class HttpServer(LoopbackServer):
    """An aiohttp server; a provider adds its routes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._runner: web.AppRunner | None = None
        self._client: aiohttp.ClientSession | None = None
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def connection_count(self) -> int:
        """How many connections are open now."""
        server = self._runner.server if self._runner else None
        return len(server.connections) if server else 0

    async def drop(self) -> None:
        server = self._runner.server if self._runner else None
        for handler in list(server.connections) if server else []:
            if handler.transport is not None:
                handler.transport.abort()

    def routes(self) -> list[web.RouteDef]:
        """The provider's routes."""
        raise NotImplementedError

    async def open_door(self) -> None:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._client = aiohttp.ClientSession()

    async def close_door(self) -> None:
        for call in list(self._calls):
            call.cancel()
        if self._client is not None:
            await self._client.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def post(self, url: str, *, body: bytes, headers: dict[str, str]) -> int:
        """Call a receipts door; the answer's status."""
        if self._client is None:
            raise RuntimeError("the loopback server is not running: call start() first")
        async with self._client.post(url, data=body, headers=headers) as response:
            await response.read()
            return response.status

    def post_later(self, url: str, *, body: bytes, headers: dict[str, str], after: float) -> None:
        """Call a receipts door as a provider does: some time later, and again when it does not answer well."""
        call = asyncio.ensure_future(self._post_until_taken(url, body, headers, after))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _post_until_taken(
        self, url: str, body: bytes, headers: dict[str, str], after: float
    ) -> None:
        for wait in (after, 0.5, 1.0, 2.0, 4.0):
            await asyncio.sleep(wait)
            try:
                if await self.post(url, body=body, headers=headers) < 300:
                    return
            except aiohttp.ClientError:
                continue

    async def linger(self, request: web.Request, behaviour: script.Behaviour) -> None:
        """The part of the script that happens after a message was taken."""
        match behaviour:
            case script.TimeOutAfterAccepting(seconds=seconds):
                await asyncio.sleep(seconds)
            case script.HangUpAfterAccepting():
                hang_up(request)


def hang_up(request: web.Request) -> None:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
