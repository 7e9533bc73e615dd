"""Taking an unsubscribe back: only what it ended comes back, and a complaint never does."""

from datetime import datetime

from cavaco_plugin.consent import queries
from cavaco_plugin.consent.resolution import GRANTED, Standing, resolve
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.consent.topics import MARKETING_TOPICS
from cavaco_plugin.feedback import consequences
from cavaco_plugin.web.visitor import Visitor

# (channel, topic, sales channel)
Place = tuple[str, str, str]


def remembered(visitor: Visitor, *, everything: bool) -> str:
    """What an unsubscribe is about to end, for the form on the page that follows it."""
    ends = [
        place for place in _granted(_said(visitor)) if everything or _is_reached(visitor, place)
    ]
    own = _own_place(visitor)
    if own and not everything and own not in ends:
        ends.append(own)
    return " ".join("/".join(place) for place in ends)


def restore(visitor: Visitor, text: str, *, statement: Statement, now: datetime) -> None:
    """Grant again what the form names, if this person ever granted it or the link is about it."""
    allowed = {(s.channel, s.topic, s.sales_channel) for s in _said(visitor)}
    allowed |= {place for place in [_own_place(visitor)] if place}
    for part in text.split():
        channel, _, rest = part.partition("/")
        topic, _, sales_channel = rest.partition("/")
        if (channel, topic, sales_channel) in allowed and topic in MARKETING_TOPICS:
            consequences.grant(
                profile_id=visitor.profile.pk,
                channel=channel,
                topic=topic,
                sales_channel=sales_channel,
                statement=statement,
                now=now,
            )


def _said(visitor: Visitor) -> list[Standing]:
    profile_id = visitor.profile.pk
    return queries.standings_of([profile_id]).get(profile_id, [])


def _granted(said: list[Standing]) -> list[Place]:
    return [
        (s.channel, s.topic, s.sales_channel)
        for s in said
        if s.state == GRANTED
        and resolve(said, channel=s.channel, topic=s.topic, sales_channel=s.sales_channel)
        == GRANTED
    ]


def _is_reached(visitor: Visitor, place: Place) -> bool:
    channel, topic, _ = place
    claims = visitor.claims
    return channel == claims.channel and (visitor.is_about_everything or topic == claims.topic)


def _own_place(visitor: Visitor) -> Place | None:
    if visitor.is_about_everything:
        return None
    return visitor.claims.channel, visitor.claims.topic, ""
