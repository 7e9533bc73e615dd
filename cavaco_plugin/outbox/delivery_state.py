"""The states of a message and the ways between them. The only place that knows them. Pure."""

from enum import StrEnum
from typing import Final


class MessageState(StrEnum):
    """Where a message is on its way."""

    READY = "ready"  # to be sent at its due time, or held until then
    CLAIMED = "claimed"  # a worker has it and the gate said yes
    SENDING = "sending"  # the provider may have heard of it
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNKNOWN = "unknown"  # sent or not: nobody knows until a receipt comes
    DROPPED = "dropped"  # decided against, with the reason


READY: Final = MessageState.READY.value
CLAIMED: Final = MessageState.CLAIMED.value
SENDING: Final = MessageState.SENDING.value
ACCEPTED: Final = MessageState.ACCEPTED.value
DELIVERED: Final = MessageState.DELIVERED.value
BOUNCED: Final = MessageState.BOUNCED.value
FAILED: Final = MessageState.FAILED.value
UNKNOWN: Final = MessageState.UNKNOWN.value
DROPPED: Final = MessageState.DROPPED.value

# We do nothing more with these of our own accord; a receipt may still move some of them on.
FINAL: Final = frozenset({ACCEPTED, DELIVERED, BOUNCED, FAILED, UNKNOWN, DROPPED})
# What a change of mind can still stop: no provider has heard of it.
STOPPABLE: Final = frozenset({READY, CLAIMED})
# A worker's lease runs on these.
LEASED: Final = frozenset({CLAIMED, SENDING})
# What a place under the caps is kept for: it reached a provider, or may have.
REACHED: Final = frozenset({SENDING, ACCEPTED, DELIVERED, BOUNCED, UNKNOWN})

_WAYS: Final[dict[str, frozenset[str]]] = {
    READY: frozenset({CLAIMED, DROPPED, ACCEPTED, DELIVERED, BOUNCED, FAILED}),
    CLAIMED: frozenset({READY, SENDING, DROPPED, FAILED, ACCEPTED, DELIVERED, BOUNCED}),
    SENDING: frozenset({READY, ACCEPTED, DELIVERED, BOUNCED, FAILED, UNKNOWN}),
    UNKNOWN: frozenset({READY, ACCEPTED, DELIVERED, BOUNCED, FAILED}),
    ACCEPTED: frozenset({DELIVERED, BOUNCED, FAILED}),
    FAILED: frozenset({DELIVERED, BOUNCED}),
    DELIVERED: frozenset({BOUNCED}),
    BOUNCED: frozenset(),
    DROPPED: frozenset(),
}

# What each kind of receipt proves. A complaint, a click and the like prove that it arrived.
_PROVES: Final[dict[str, str]] = {
    "accepted": ACCEPTED,
    "deferred": ACCEPTED,
    "delivered": DELIVERED,
    "bounced": BOUNCED,
    "failed": FAILED,
    "opened": DELIVERED,
    "clicked": DELIVERED,
    "complained": DELIVERED,
    "unsubscribed": DELIVERED,
}


def may_move(*, state: str, to: str) -> bool:
    """Whether there is a way from one state to the other."""
    return to in _WAYS[state]


def after_receipt(*, state: str, kind: str, is_machine: bool = False) -> str | None:
    """The state that a receipt moves a message to; None: it stays.

    A receipt is proof, so it moves even what we believe is still waiting: a message that the
    provider has must not be offered again. Nothing ever moves backwards, and machines move nothing.
    """
    proved = None if is_machine else _PROVES.get(kind)
    return proved if proved and proved in _WAYS[state] else None


def sources_of(to: str) -> list[str]:
    """The states from which there is a way to `to`; what a conditional update asks for."""
    return sorted(state for state, ways in _WAYS.items() if to in ways)
