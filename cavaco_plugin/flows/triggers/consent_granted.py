"""A person allowed us to write.

{"type": "consent_granted", "topic": "newsletter", "channel": "email"}
"""

from typing import ClassVar, Literal

from pydantic import Field

from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.reentry import Reentry
from cavaco_plugin.flows.triggers.base import BaseTrigger, event_entry
from cavaco_plugin.store.changes import ChangeKind, StoreChange


class ConsentGranted(BaseTrigger):
    """Consent became valid, after the double opt-in where there is one."""

    listens_to = ChangeKind.CONSENT_GRANTED
    family = "consent"
    default_reentry: ClassVar[Reentry] = Reentry(mode="once")

    type: Literal["consent_granted"]
    # Empty means any.
    topic: str = Field(default="", max_length=64)
    channel: Literal["", "email", "sms"] = ""

    def hears(self, change: StoreChange) -> bool:
        return (
            super().hears(change)
            and (not self.topic or change.data.get("topic") in {self.topic, "*"})
            and (not self.channel or change.data.get("channel") == self.channel)
        )

    def entry(self, change: StoreChange) -> Entry | None:
        return event_entry(change, key=change.key)

    def sentence(self) -> str:
        topic = f" to {self.topic.replace('_', ' ')}" if self.topic else ""
        channel = f" by {self.channel}" if self.channel else ""
        return f"When a person agrees{topic}{channel}."
