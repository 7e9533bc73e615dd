"""How a loopback provider behaves, request by request."""

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accept:
    """Take the message."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Never take a message for this address; the provider's words for a dead one unless `code` says else."""

    code: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Throttle:
    """Too fast: come back in so many seconds."""

    seconds: int = 30


@dataclass(frozen=True, slots=True)
class TimeOutAfterAccepting:
    """Take the message, then say nothing more on this connection."""

    seconds: float = 60


@dataclass(frozen=True, slots=True)
class HangUpAfterAccepting:
    """Take the message, then cut the connection without an answer."""


@dataclass(frozen=True, slots=True)
class HangUpBeforeReading:
    """Cut the connection before the message was offered."""


@dataclass(frozen=True, slots=True)
class ServerError:
    """Fail on the provider's own side; nothing is taken."""

    status: int = 500


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """As if the key or password were wrong."""


Behaviour = (
    Accept
    | Refuse
    | Throttle
    | TimeOutAfterAccepting
    | HangUpAfterAccepting
    | HangUpBeforeReading
    | ServerError
    | WrongCredentials
)


class Script:
    """Behaviours by address first, then by turn, then accepting for ever."""

    def __init__(self) -> None:
        self._turns: deque[Behaviour] = deque()
        self._by_address: dict[str, Behaviour] = {}
        self._lock = threading.Lock()

    def then(self, *behaviours: Behaviour) -> None:
        """Behave so for the next requests, one each."""
        with self._lock:
            self._turns.extend(behaviours)

    def always(self, addresses: Iterable[str], behaviour: Behaviour) -> None:
        """Behave so for these addresses, whenever they come."""
        with self._lock:
            self._by_address.update(dict.fromkeys(addresses, behaviour))

    def clear(self) -> None:
        """Accept everything again."""
        with self._lock:
            self._turns.clear()
            self._by_address.clear()

    def next(self, address: str) -> Behaviour:
        """What to do with the request for `address`."""
        if not self._turns and not self._by_address:
            return Accept()
        with self._lock:
            if address in self._by_address:
                return self._by_address[address]
            return self._turns.popleft() if self._turns else Accept()
