"""What somebody must have said to be kept as evidence. Pure."""

from cavaco_plugin.channels.contract import CHANNELS
from cavaco_plugin.consent.resolution import WITHDRAWN
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.consent.topics import EVERY_TOPIC, MARKETING_TOPICS
from cavaco_plugin.kernel.storable import fault_in

# A START by phone opens calls too, though we make none.
KNOWN_CHANNELS = (*CHANNELS, "voice")
_LONGEST = {"source": 64, "address": 254, "wording_version": 64}


class InvalidStatement(ValueError):
    """A statement that can not be kept; the message names the field and the remedy."""


def check(*, channel: str, topic: str, state: str, statement: Statement) -> None:
    """Refuse what is no evidence.

    A withdrawal may name a channel or a topic that is no more: it still stands on old messages.

    Raises:
        InvalidStatement: a field is wrong.
    """
    if state != WITHDRAWN and channel not in KNOWN_CHANNELS:
        raise InvalidStatement(f"channel: {channel!r} is unknown; use one of {', '.join(CHANNELS)}")
    topics = (*MARKETING_TOPICS, EVERY_TOPIC)
    if state != WITHDRAWN and topic not in topics:
        known = ", ".join(topics)
        raise InvalidStatement(f"topic: {topic!r} needs or knows no consent; use one of {known}")
    check_statement(statement)


def check_statement(statement: Statement) -> None:
    """Refuse a statement that no record could hold.

    Raises:
        InvalidStatement: a field is wrong.
    """
    if not statement.source:
        raise InvalidStatement("statement.source: is empty; say where it was said")
    if not statement.key:
        raise InvalidStatement("statement.key: is empty; name the act, so that it is kept once")
    if statement.occurred_at.tzinfo is None:
        raise InvalidStatement("statement.occurred_at: has no time zone; give an aware datetime")
    for field, longest in _LONGEST.items():
        if len(getattr(statement, field)) > longest:
            raise InvalidStatement(f"statement.{field}: give at most {longest} characters")
    texts = {name: getattr(statement, name) for name in ("key", "wording", *_LONGEST)}
    if fault := fault_in({**texts, "proof": statement.proof}):
        raise InvalidStatement(f"statement.{fault.dotted}: {fault.message} {fault.remedy}")
