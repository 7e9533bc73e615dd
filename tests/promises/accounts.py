"""The books that must always balance, whatever a test did: read straight from the tables."""

from collections import Counter
from collections.abc import Mapping

from cavaco_plugin.outbox.delivery_state import FINAL
from cavaco_plugin.outbox.models import Decision, Message

# A yes needs no rule that objects; any other answer names the one that did.
OBJECTIONS = ("hold", "drop", "fail")


def states() -> Counter[str]:
    """How many messages are in each state."""
    return Counter(Message.objects.values_list("state", flat=True))


def open_messages() -> list[tuple[str, str]]:
    """Messages that nobody has come to an end with."""
    rows = Message.objects.exclude(state__in=FINAL)
    return list(rows.values_list("idempotency_key", "state"))


def unexplained() -> list[str]:
    """Messages without a decision that says why they are where they are."""
    wrong = []
    for message in Message.objects.prefetch_related("decisions"):
        said = sorted(message.decisions.all(), key=lambda decision: decision.pk)
        if not said or not any(decision.inputs for decision in said):
            wrong.append(f"{message.idempotency_key}: nothing was said about it")
        elif message.state == "dropped" and not _explains(said[-1], message.reason):
            wrong.append(f"{message.idempotency_key}: dropped as {message.reason}, said {said[-1]}")
        elif message.state in ("accepted", "unknown", "sending", "claimed") and not any(
            decision.stage == "claim" and decision.verdict == "allow" for decision in said
        ):
            wrong.append(f"{message.idempotency_key}: {message.state}, and nobody allowed it")
    nameless = Decision.objects.filter(verdict__in=OBJECTIONS, rule="")
    return wrong + [f"decision {row.pk} names no rule" for row in nameless]


def _explains(decision: Decision, reason: str) -> bool:
    return (decision.verdict, decision.reason) == ("drop", reason) and bool(decision.rule)


def assert_once(taken: Mapping[str, int]) -> None:
    """By the provider's own count; and who is told to have been sent a message was."""
    assert {key: number for key, number in taken.items() if number > 1} == {}
    accepted = Message.objects.filter(state__in=("accepted", "delivered"))
    missing = set(accepted.values_list("public_id", flat=True)) - set(taken)
    assert missing == set(), "accepted, but the provider has never seen them"
    maybe = Message.objects.filter(state__in=("accepted", "delivered", "unknown", "bounced"))
    beyond = set(taken) - set(maybe.values_list("public_id", flat=True))
    assert beyond == set(), "the provider has them, and the ledger does not say so"
