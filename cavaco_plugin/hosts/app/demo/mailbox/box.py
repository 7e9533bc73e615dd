"""Everything that reached somebody or was said of them, in order. Threads write, the page reads."""

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cavaco_plugin.hosts.app.demo.mailbox.letters import Letter, letter_of
from cavaco_plugin.hosts.app.demo.people import Person
from cavaco_plugin.hosts.app.loopback.ledger import Taken


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person did, or wrote: `kind` is "did" or "wrote"."""

    kind: str
    text: str
    at: datetime


class Box:
    """The people of the demo and what happened to each."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._people: dict[str, Person] = {}
        self._by_phone: dict[str, str] = {}
        self._letters: dict[str, list[Letter]] = defaultdict(list)
        self._notes: dict[str, list[Note]] = defaultdict(list)
        self._by_key: dict[str, Letter] = {}

    def introduce(self, person: Person) -> None:
        """Somebody new, at the first thing they do."""
        with self._lock:
            self._people.setdefault(person.email, person)
            if person.phone:
                self._by_phone[person.phone] = person.email

    def note(self, person: Person, text: str, *, kind: str = "did") -> None:
        """What the person did, in the past tense."""
        self.introduce(person)
        with self._lock:
            self._notes[person.email].append(Note(kind, text, self._clock()))

    def take(self, taken: Taken) -> None:
        """A provider accepted a message: it lies in somebody's box now."""
        letter = letter_of(taken, at=self._clock())
        with self._lock:
            owner = self._by_phone.get(letter.address, letter.address)
            self._letters[owner].append(letter)
            self._by_key[letter.key] = letter

    def people(self) -> list[Person]:
        """Everybody, in the order they came."""
        with self._lock:
            return list(self._people.values())

    def letters(self, person: Person, channel: str = "") -> list[Letter]:
        """What the person got, oldest first."""
        with self._lock:
            found = list(self._letters[person.email])
        return [letter for letter in found if channel in ("", letter.channel)]

    def notes(self, person: Person) -> list[Note]:
        """What the person did, oldest first."""
        with self._lock:
            return list(self._notes[person.email])

    def letter(self, key: str) -> Letter | None:
        """One message, by its public id."""
        with self._lock:
            return self._by_key.get(key)
