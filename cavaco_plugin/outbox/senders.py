"""The event loop a worker sends on, and the transports that keep their connections between rounds.

A transport belongs to the loop it first sends on, so each thread has a loop and transports of its own;
a process that was forked begins anew.
"""

import asyncio
import atexit
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from cavaco_plugin.channels.configuration import Active
from cavaco_plugin.channels.contract import Outcome, OutgoingMessage, Transport


@dataclass
class Sender:
    """One thread's loop and its open transports."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    process: int = field(default_factory=os.getpid)
    _open: dict[tuple[str, str], tuple[BaseModel, Transport]] = field(default_factory=dict)

    def transport(self, active: Active) -> Transport:
        """The open transport with these settings; one with former settings is closed."""
        settings, transport = self._open.get(active.provider.key, (None, None))
        if transport is not None and settings == active.settings:
            return transport
        if transport is not None:
            self.loop.run_until_complete(transport.close())
        fresh = active.provider.open_transport(active.settings)
        self._open[active.provider.key] = (active.settings, fresh)
        return fresh

    def send(self, transport: Transport, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        """Send a slice and wait for all its outcomes."""
        return self.loop.run_until_complete(_send(transport, messages))

    def close(self) -> None:
        """Close every transport and the loop."""
        for _, transport in self._open.values():
            self.loop.run_until_complete(transport.close())
        self._open.clear()
        self.loop.close()


_of_thread = threading.local()


def current() -> Sender:
    """This thread's own."""
    sender: Sender | None = getattr(_of_thread, "sender", None)
    if sender is None or sender.process != os.getpid() or sender.loop.is_closed():
        sender = _of_thread.sender = Sender()
    return sender


@atexit.register
def close() -> None:
    """Close what this thread opened."""
    sender: Sender | None = getattr(_of_thread, "sender", None)
    if sender is not None and sender.process == os.getpid() and not sender.loop.is_closed():
        sender.close()


async def _send(transport: Transport, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
    # While nothing was sent the loop stood still: let it notice first which connections were closed since.
    await asyncio.sleep(0)
    return await transport.send(messages)
