"""What a loopback provider took, so that a test can count and the demo can show."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Taken:
    """One message a provider accepted. `key` is the message's public id."""

    key: str
    address: str
    sender: str
    provider_message_id: str
    raw: bytes | Mapping[str, Any]


class Ledger:
    """Thread-safe; `on_taken` is called once for each message, on the server's thread."""

    def __init__(self, on_taken: Callable[[Taken], None] | None = None) -> None:
        self._taken: list[Taken] = []
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._on_taken = on_taken

    def note(self, taken: Taken) -> None:
        """Remember a message."""
        with self._lock:
            self._taken.append(taken)
            self._counts[taken.key] += 1
        if self._on_taken is not None:
            self._on_taken(taken)

    @property
    def messages(self) -> list[Taken]:
        """All messages so far, oldest first."""
        with self._lock:
            return list(self._taken)

    @property
    def counts(self) -> Counter[str]:
        """How often each key was taken: more than once is a double send."""
        with self._lock:
            return Counter(self._counts)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._taken.clear()
            self._counts.clear()
