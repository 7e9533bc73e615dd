"""What a person's statements come to. Pure: the newest statement that covers the question wins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cavaco_plugin.consent.models import EVERY_TOPIC, ConsentChange

# At one and the same instant the more careful statement wins.
_CAUTION = {ConsentChange.GRANTED: 0, ConsentChange.PENDING: 1, ConsentChange.WITHDRAWN: 2}


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest statement about one channel, topic and sales channel.

    A topic `*` covers every topic, a sales channel "" every sales channel.
    """

    channel: str
    topic: str
    sales_channel: str
    state: str
    occurred_at: datetime
    source: str = ""

    def covers(self, *, channel: str, topic: str, sales_channel: str) -> bool:
        """Whether this statement speaks about a message of this kind."""
        return (
            self.channel == channel
            and self.topic in (topic, EVERY_TOPIC)
            and self.sales_channel in (sales_channel, "")
        )

    def outweighs(self, other: "Standing | None") -> bool:
        """Whether this one decides where both speak: by time, then by caution."""
        if other is None:
            return True
        mine = (self.occurred_at, _CAUTION[ConsentChange(self.state)])
        return mine >= (other.occurred_at, _CAUTION[ConsentChange(other.state)])


def resolve(
    standings: Iterable[Standing], *, channel: str, topic: str, sales_channel: str = ""
) -> str:
    """The consent for one kind of message: granted, withdrawn, pending, or "" for never asked.

    Asking again does not silence a person who agreed already: `pending` never outweighs `granted`.
    """
    decided: Standing | None = None
    asked: Standing | None = None
    for standing in standings:
        if not standing.covers(channel=channel, topic=topic, sales_channel=sales_channel):
            continue
        if standing.state == ConsentChange.PENDING:
            asked = standing if standing.outweighs(asked) else asked
        elif standing.outweighs(decided):
            decided = standing
    if decided is None:
        return str(asked.state) if asked else ""
    if asked and decided.state == ConsentChange.WITHDRAWN and asked.occurred_at > decided.occurred_at:
        return str(asked.state)
    return str(decided.state)
