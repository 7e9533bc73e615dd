"""What no row can hold, found before it is tried: a database's refusal names no field. Pure."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cavaco_plugin.kernel.places import Part, dotted

# Whatever people write by hand is flatter; what is deeper was made to overflow a stack.
DEEPEST = 64
# PostgreSQL keeps no NUL, and half of a surrogate pair has no UTF-8 form.
_UNKEPT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing in a value that can not be stored, and where it is."""

    path: tuple[Part, ...]
    code: str
    message: str
    remedy: str

    @property
    def dotted(self) -> str:
        """`steps[2].name`."""
        return dotted(self.path)


def fault_in(value: object) -> Fault | None:
    """What keeps `value`, with all that is in it, out of a row; None where nothing does."""
    open_values: list[tuple[tuple[Part, ...], object]] = [((), value)]
    while open_values:
        path, found = open_values.pop()
        if fault := _fault(path, found):
            return fault
        if isinstance(found, Mapping):
            open_values += [((*path, _shown(key)), inner) for key, inner in found.items()]
        elif isinstance(found, list | tuple):
            open_values += [((*path, index), inner) for index, inner in enumerate(found)]
    return None


def is_storable(text: str) -> bool:
    """Whether a row can hold this text."""
    return _UNKEPT.search(text) is None


def _fault(path: tuple[Part, ...], value: object) -> Fault | None:
    if len(path) > DEEPEST:
        said = f"It is nested deeper than {DEEPEST} levels."
        return Fault((), "too_deep", said, "Make it flatter.")
    names = value if isinstance(value, Mapping) else ()
    texts = [value, *names]
    if any(isinstance(text, str) and not is_storable(text) for text in texts):
        said = "The text holds a NUL or half a character."
        return Fault(path, "bad_text", said, "Take it out.")
    if any(not isinstance(name, str) for name in names):
        return Fault(path, "wrong_type", "A name in it is no text.", "Write names as texts.")
    if isinstance(value, float) and not math.isfinite(value):
        return Fault(path, "bad_number", f"{value} is no number.", "Give a finite number.")
    return None


def _shown(key: object) -> str:
    return _UNKEPT.sub("\N{REPLACEMENT CHARACTER}", str(key))
