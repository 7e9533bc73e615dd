"""What the outbox does when people are merged, separated, exported or erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cavaco_plugin.outbox import queries
from cavaco_plugin.outbox.delivery_state import REACHED
from cavaco_plugin.outbox.dropping import drop_for_profile
from cavaco_plugin.outbox.models import Attempt, Decision, Message
from cavaco_plugin.outbox.rereading import read_again
from cavaco_plugin.policy import reasons

NAME = "outbox"
_FIELDS = (
    "public_id",
    "channel",
    "purpose",
    "topic",
    "template_key",
    "state",
    "reason",
    "address",
    "language",
    "provider",
    "created_at",
    "due_at",
    "sent_at",
    "delivered_at",
)
_DECIDED = ("stage", "verdict", "reason", "rule", "hold_until", "inputs", "decided_at")


def absorb(*, winner_id: int, loser_id: int, now: datetime) -> Mapping[str, object]:
    """The loser's messages are the winner's, those that wait and those that went."""
    rows = Message.objects.filter(profile_id=loser_id)
    moved = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(profile_id=winner_id)
    return {"messages": moved}


def restore(*, winner_id: int, loser_id: int, moved: Mapping[str, Any], now: datetime) -> None:
    """They are the loser's again."""
    rows = Message.objects.filter(pk__in=moved.get("messages", []), profile_id=winner_id)
    rows.update(profile_id=loser_id)


def export(*, profile_ids: Sequence[int]) -> Mapping[str, object]:
    """Every message, sent or not, with what it said and why it was decided so."""
    rows = queries.messages().filter(profile_id__in=profile_ids).order_by("id")
    messages = list(rows.prefetch_related("decisions", "attempt_rows"))
    contents = read_again([message for message in messages if message.state in REACHED])
    return {
        "messages": [
            {
                **{name: getattr(message, name) for name in _FIELDS},
                "content": contents.get(message.pk),
                "decisions": [
                    {name: getattr(decision, name) for name in _DECIDED}
                    for decision in message.decisions.all()
                ],
                "attempts": [
                    {"provider": row.provider, "outcome": row.outcome, "at": row.started_at}
                    for row in message.attempt_rows.all()
                ],
            }
            for message in messages
        ]
    }


def erase(*, profile_ids: Sequence[int], now: datetime) -> None:
    """Nothing that waits is sent; of what went, the count and the reasons stay, and no address."""
    for profile_id in profile_ids:
        drop_for_profile(profile_id, reason=reasons.ERASED, now=now)
    rows = Message.objects.filter(profile_id__in=profile_ids)
    Attempt.objects.filter(message__in=rows).update(detail="")
    Decision.objects.filter(message__in=rows).update(inputs={})
    # The provider's own id would lead to the address in its records.
    rows.update(address="", subject={}, provider_message_id="")
