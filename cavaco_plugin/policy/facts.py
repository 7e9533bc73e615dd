"""Everything the gate may look at, loaded beforehand for a whole batch."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

NOTHING: Mapping[str, object] = MappingProxyType({})


class MessageFacts(NamedTuple):
    """The facts about one message at one moment. A tuple, for making a frozen dataclass takes ten times as long.

    Attributes:
        stage: "admission" (so that the merchant sees why) or "claim" (so that it is true).
        template_purpose: what the template was validated for; "" where it is not known.
        consent: the consent state for the message's channel, topic and sales channel:
            "granted", "withdrawn", "pending" or "" for never asked.
        has_left_channel: whether the person withdrew from every topic of the channel.
        answers_keyword: whether this is the one text that answers a person's own STOP, START or HELP.
        asks_to_confirm: whether this asks to confirm an opt-in that the person has just wished for.
        suppressions: reasons for which the address is suppressed on this channel.
        sends: the person's ring (see `policy.ring`), oldest first, without this message's own entry.
        purchased_at: when a purchase made the message untrue.
        void_reason: why the subject no longer stands (order_refunded, checkout_gone …), or "".
        personal_cap: (messages, days) the person asked for.
        channel_stopped_reason: why nothing leaves on this channel now, or "".
        channel_retry_at: from when on the channel is tried again; None where a person must act first.
    """

    message_id: int
    profile_id: int
    stage: str
    channel: str
    purpose: str
    topic: str
    address: str
    template_purpose: str = ""
    is_profile_erased: bool = False
    consent: str = ""
    has_left_channel: bool = False
    answers_keyword: bool = False
    asks_to_confirm: bool = False
    suppressions: tuple[str, ...] = ()
    paused_until: datetime | None = None
    personal_cap: tuple[int, int] | None = None
    sends: tuple[int, ...] = ()
    time_zone: str = "UTC"
    country: str = ""
    purchased_at: datetime | None = None
    is_being_bought: bool = False
    void_reason: str = ""
    is_flow_stopped: bool = False
    channel_stopped_reason: str = ""
    channel_retry_at: datetime | None = None
    expires_at: datetime | None = None
    is_test: bool = False


class Verdict(NamedTuple):
    """The gate's answer: "allow", "hold" until a moment, or "drop"; with the rule and its inputs."""

    verdict: str
    rule: str = ""
    reason: str = ""
    hold_until: datetime | None = None
    inputs: Mapping[str, object] = NOTHING


def drop(rule: str, reason: str, **inputs: object) -> Verdict:
    """The message is never sent."""
    return Verdict("drop", rule, reason, None, inputs)


def hold(rule: str, reason: str, until: datetime, **inputs: object) -> Verdict:
    """The message waits and is judged anew."""
    return Verdict("hold", rule, reason, until, inputs)
