"""Where in a document something is, as its author would point there: `steps[2].next`. Pure."""

from collections.abc import Iterable, Mapping, Sequence

Part = int | str


def dotted(parts: Iterable[Part]) -> str:
    """`("steps", 2, "next")` as text."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".")


def place_of(location: Sequence[Part], document: object, *, keeps_last: bool = False) -> str:
    """Pydantic's location of an error without what stands in no document: names of union members and the like.

    Args:
        keeps_last: the last part is what is missing, so it is named all the same.
    """
    kept: list[Part] = []
    here = document
    for position, part in enumerate(location):
        if isinstance(part, int) and isinstance(here, list | tuple):
            kept.append(part)
            here = here[part] if part < len(here) else None
        elif isinstance(here, Mapping) and part in here:
            kept.append(part)
            here = here[part]
        elif keeps_last and position == len(location) - 1:
            kept.append(part)
    return dotted(kept)
