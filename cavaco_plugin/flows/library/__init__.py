"""The flows that ship with Cavaco: one JSON file each, named by its key."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A flow ready to switch on."""

    key: str
    name: str
    description: str
    definition: dict[str, Any]


@cache
def entries() -> tuple[LibraryEntry, ...]:
    """Every shipped flow, by key."""
    files = sorted(resources.files(__package__).iterdir(), key=lambda file: file.name)
    return tuple(
        _entry(file.name.removesuffix(".json"), json.loads(file.read_text("utf-8")))
        for file in files
        if file.name.endswith(".json")
    )


def _entry(key: str, definition: dict[str, Any]) -> LibraryEntry:
    return LibraryEntry(key, definition["name"], definition["description"], definition)
