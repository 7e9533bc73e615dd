"""A server on a thread and event loop of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from cavaco_plugin.hosts.app.loopback.ledger import Ledger, Taken
from cavaco_plugin.hosts.app.loopback.script import Script

T = TypeVar("T")


class LoopbackServer:
    """Start it, send to `port`, look at `ledger`, stop it. `latency` is seconds before each answer."""

    def __init__(
        self,
        *,
        port: int = 0,
        latency: float = 0.0,
        on_taken: Callable[[Taken], None] | None = None,
    ) -> None:
        self.port = port
        self.latency = latency
        self.script = Script()
        self.ledger = Ledger(on_taken)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Listen on 127.0.0.1; returns when the port answers."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.call(self.open_door())
        return self

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._loop is None or self._thread is None:
            return
        self.call(self.close_door())
        self.call(self._cancel_rest())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the server's loop and wait for it."""
        if self._loop is None:
            raise RuntimeError("the loopback server is not running: call start() first")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    def drop_connections(self) -> None:
        """Cut every connection, as a restart of the provider's front door would."""
        self.call(self.drop())

    async def open_door(self) -> None:
        """Begin to listen and set `port`."""
        raise NotImplementedError

    async def close_door(self) -> None:
        """Stop listening and drop what is connected."""
        raise NotImplementedError

    async def drop(self) -> None:
        """Cut every connection."""
        raise NotImplementedError

    async def _cancel_rest(self) -> None:
        """End requests that were told to wait for ever."""
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
