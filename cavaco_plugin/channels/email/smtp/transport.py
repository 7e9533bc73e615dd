"""SMTP as a transport: kept connections, each driven by a thread, for smtplib blocks."""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

from cavaco_plugin.channels.contract import Outcome, OutgoingMessage, Permanent
from cavaco_plugin.channels.email import mime
from cavaco_plugin.channels.email.headers import BadHeader
from cavaco_plugin.channels.email.smtp.connection import Mailer, open_mailer
from cavaco_plugin.channels.email.smtp.conversation import Refused, Stale
from cavaco_plugin.channels.email.smtp.settings import SmtpSettings
from cavaco_plugin.channels.slices import Slice


def open_transport(settings: SmtpSettings) -> "SmtpTransport":
    """A transport that connects when it first sends."""
    return SmtpTransport(settings)


class SmtpTransport:
    """At most `connections` conversations at once; one that is idle is kept for the next message."""

    max_batch = 500

    def __init__(self, settings: SmtpSettings) -> None:
        self.concurrency = settings.connections
        self._settings = settings
        self._idle: deque[Mailer] = deque()
        self._threads = ThreadPoolExecutor(settings.connections, thread_name_prefix="cavaco-smtp")

    async def send(self, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        """One outcome per message; the threads share the turns, so a slow answer holds up one of them only."""
        work = Slice(messages)
        date = formatdate()
        loop = asyncio.get_running_loop()
        workers = min(self.concurrency, len(messages))
        await asyncio.gather(
            *(loop.run_in_executor(self._threads, self._work, work, date) for _ in range(workers))
        )
        return work.finish()

    def _work(self, work: Slice, date: str) -> None:
        while turn := work.take():
            try:
                work.settle(turn, self._deliver(turn[1], date))
            except Refused as refused:
                # A server that takes only so many connections refuses the next one: the others go on.
                work.give_back(turn, refused.outcome)
                return

    def _deliver(self, message: OutgoingMessage, date: str) -> Outcome:
        try:
            wire = mime.build(message, date=date)
        except BadHeader as error:
            return Permanent(code="invalid_message", detail=str(error))
        return self._offer(wire)

    def _offer(self, wire: mime.WireMessage) -> Outcome:
        while True:
            mailer = self._take()
            try:
                outcome = mailer.deliver(wire)
            except Stale:
                continue  # ends: each stale connection leaves the pool, and a new one is never stale
            if mailer.is_open:
                self._idle.append(mailer)
            return outcome

    def _take(self) -> Mailer:
        try:
            return self._idle.pop()
        except IndexError:
            return open_mailer(self._settings)

    async def close(self) -> None:
        """Wait for the conversations under way, then say goodbye on every connection."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._threads.shutdown(wait=True)
        while self._idle:
            self._idle.pop().close()
