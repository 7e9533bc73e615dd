"""Ask for a message. Whether it goes out is the gate's decision, not the flow's.

{"id": "first", "type": "send_message", "template": "cart_reminder_1", "channel": "email",
 "expires_after": "PT12H", "next": "a_day"}
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cavaco_plugin.flows.durations import Duration, words
from cavaco_plugin.flows.effects import SendMessage as SendMessageEffect
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import Run
from cavaco_plugin.flows.steps.base import GoOn, Outcome, PassingStep

TemplateKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
CHANNEL_WORDS = {"email": "e-mail", "sms": "SMS"}


class SendMessage(PassingStep):
    """Ask for one message on one channel; the person goes on at once."""

    type: Literal["send_message"]
    template: TemplateKey
    channel: Literal["email", "sms"]
    # Counted from when the message is due: a message held longer than this is not sent.
    expires_after: Duration = timedelta(hours=24)
    priority: Annotated[int, Field(ge=0, le=100)] | None = None

    def sentence(self) -> str:
        channel = CHANNEL_WORDS[self.channel]
        return f"Send the {channel} {self.template}; it expires after {words(self.expires_after)}."


def visit(step: SendMessage, run: Run, facts: Facts, now: datetime) -> Outcome:
    """Wish for the message, due now."""
    message = SendMessageEffect(
        step_id=step.id,
        visit=run.visits[step.id],
        template=step.template,
        channel=step.channel,
        due_at=now,
        expires_at=now + step.expires_after,
        priority=step.priority,
    )
    detail = {"template": step.template, "channel": step.channel, "due": now.isoformat()}
    return GoOn(step.next, "send", detail, effects=(message,))
