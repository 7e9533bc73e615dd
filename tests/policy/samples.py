"""Facts of an ordinary message that may go out, to be changed in one respect by each test."""

from datetime import UTC, datetime
from typing import Any

from cavaco_plugin.policy import ring
from cavaco_plugin.policy.facts import MessageFacts

# A Wednesday, noon in Greenwich.
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def facts(**changes: Any) -> MessageFacts:
    ordinary: dict[str, Any] = {
        "message_id": 1,
        "profile_id": 1,
        "stage": "claim",
        "channel": "email",
        "purpose": "marketing",
        "template_purpose": "marketing",
        "topic": "reminders",
        "address": "maya@example.com",
        "consent": "granted",
        "country": "DE",
    }
    return MessageFacts(**(ordinary | changes))


def sent(*moments: datetime, channel: str = "email", topic: str = "reminders") -> tuple[int, ...]:
    return tuple(ring.pack(at=at, channel=channel, topic=topic) for at in sorted(moments))
