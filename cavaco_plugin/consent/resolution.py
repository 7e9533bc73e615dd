"""What a person's statements come to. Pure: the newest statement that covers the question wins."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple

from cavaco_plugin.consent.topics import EVERY_TOPIC

PENDING: Final = "pending"
GRANTED: Final = "granted"
WITHDRAWN: Final = "withdrawn"
# At one and the same instant an answer outweighs a question, and a withdrawal outweighs both.
_WEIGHT = {PENDING: 0, GRANTED: 1, WITHDRAWN: 2}


class Standing(NamedTuple):
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
        """Whether this one decides where both speak: by time, then by weight."""
        if other is None:
            return True
        mine = (self.occurred_at, _WEIGHT[self.state])
        return mine >= (other.occurred_at, _WEIGHT[other.state])


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
        if standing.state == PENDING:
            asked = standing if standing.outweighs(asked) else asked
        elif standing.outweighs(decided):
            decided = standing
    if decided is None:
        return asked.state if asked else ""
    if asked and decided.state == WITHDRAWN and asked.occurred_at > decided.occurred_at:
        return asked.state
    return decided.state


def is_granted_somewhere(standings: Collection[Standing], *, channel: str, topic: str) -> bool:
    """Whether a person gets messages of this kind from any of the shop's sales channels."""
    places = {"", *(standing.sales_channel for standing in standings)}
    return any(
        resolve(standings, channel=channel, topic=topic, sales_channel=place) == GRANTED
        for place in places
    )


def is_withdrawn_throughout(
    standings: Collection[Standing], *, channel: str, topic: str, sales_channel: str = ""
) -> bool:
    """Whether a withdrawal of this reach would change nothing, topic `*` and place "" being all."""
    reach = {(topic, sales_channel)} | {
        (standing.topic, standing.sales_channel)
        for standing in standings
        if standing.channel == channel
        and topic in (standing.topic, EVERY_TOPIC)
        and sales_channel in (standing.sales_channel, "")
    }
    return all(
        resolve(standings, channel=channel, topic=each, sales_channel=place) == WITHDRAWN
        for each, place in reach
    )
