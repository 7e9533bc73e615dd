"""What a stage above does for a person whose rows it keeps.

The layers only look down, so the profiles stage can not know who keeps what about a person. The
pipeline hands it the stages (modules named `person`, one in each package that has such tables).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

Json = Mapping[str, object]


class PersonStage(Protocol):
    """The functions of a stage's `person` module."""

    # The stage's name in the merge log and in an export.
    NAME: str

    def absorb(self, *, winner_id: int, loser_id: int, now: datetime) -> Json:
        """Give the loser's rows to the winner. Returns what `restore` needs, as JSON."""

    def restore(self, *, winner_id: int, loser_id: int, moved: Json, now: datetime) -> None:
        """Give back what `absorb` moved; what came later stays with the winner."""

    def export(self, *, profile_ids: Sequence[int]) -> Json:
        """Everything the stage keeps about a person who may have had several profiles."""

    def erase(self, *, profile_ids: Sequence[int], now: datetime) -> None:
        """Forget the person, so that nothing kept leads back to them. Twice is once."""
