"""How one call of `send` works through its messages, and when it stops beginning new ones."""

import time
from asyncio import Semaphore, gather
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from cavaco_plugin.channels.contract import (
    NOT_STARTED,
    THROTTLED,
    UNREACHABLE,
    Misconfigured,
    Outcome,
    OutgoingMessage,
    Temporary,
)

# Long enough for a full slice at a slow provider, short enough that the claim on the messages still holds.
START_WITHIN_SECONDS = 30.0

Turn = tuple[int, OutgoingMessage]


class Slice:
    """The messages of one `send`, taken one by one by many workers (threads or coroutines)."""

    def __init__(self, messages: Sequence[OutgoingMessage]) -> None:
        self._turns: deque[Turn] = deque(enumerate(messages))
        self._outcomes: list[Outcome | None] = [None] * len(messages)
        self._deadline = time.monotonic() + START_WITHIN_SECONDS
        self._halted_by: Outcome | None = None
        self._refused_by: Outcome | None = None

    def take(self) -> Turn | None:
        """The next message, or None when there is none, time is up or the provider wants us to stop."""
        if self._halted_by is not None or time.monotonic() > self._deadline:
            return None
        try:
            return self._turns.popleft()
        except IndexError:
            return None

    def settle(self, turn: Turn, outcome: Outcome) -> None:
        """Note a message's outcome. Bad credentials, throttling and a dead line hold for the rest as well."""
        self._outcomes[turn[0]] = outcome
        if isinstance(outcome, Misconfigured) or _is_stop(outcome):
            self._halted_by = outcome

    def give_back(self, turn: Turn, outcome: Outcome) -> None:
        """Leave a message to the other workers; `outcome` is its own if none of them comes for it."""
        self._outcomes[turn[0]] = outcome
        self._turns.append(turn)
        self._refused_by = outcome
        if isinstance(outcome, Misconfigured):
            self._halted_by = outcome

    def finish(self) -> list[Outcome]:
        """One outcome per message, in order; those whose turn never came are told apart."""
        rest = self._rest()
        return [rest if outcome is None else outcome for outcome in self._outcomes]

    def _rest(self) -> Outcome:
        stop = self._halted_by or self._refused_by
        if isinstance(stop, Misconfigured):
            return stop
        if isinstance(stop, Temporary):
            return Temporary(stop.retry_after, NOT_STARTED, f"Not tried after: {stop.detail}")
        return Temporary(None, NOT_STARTED, "Its turn did not come in time.")


def _is_stop(outcome: Outcome) -> bool:
    return isinstance(outcome, Temporary) and outcome.code in {THROTTLED, UNREACHABLE}


class Lanes:
    """At most `width` messages under way at once, over all calls of one transport on one event loop."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._free = Semaphore(width)

    async def run(
        self,
        messages: Sequence[OutgoingMessage],
        send_one: Callable[[OutgoingMessage], Awaitable[Outcome]],
    ) -> list[Outcome]:
        """One outcome per message, in order."""
        work = Slice(messages)

        async def lane() -> None:
            while True:
                async with self._free:
                    turn = work.take()
                    if turn is None:
                        return
                    work.settle(turn, await send_one(turn[1]))

        await gather(*(lane() for _ in range(min(self._width, len(messages)))))
        return work.finish()
