"""Never more messages in a window than the shop's caps and the person's own allow; all caps hold together."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from cavaco_plugin.kernel.windows import instant_of
from cavaco_plugin.policy import reasons, ring
from cavaco_plugin.policy.definition import (
    LONGEST_WINDOW,
    CalendarWindow,
    Cap,
    Policy,
    RollingWindow,
)
from cavaco_plugin.policy.facts import MessageFacts, Verdict, drop, hold
from cavaco_plugin.policy.purposes import TRANSACTIONAL
from cavaco_plugin.policy.zones import zone_of

RULE = "caps"
PERSONAL_RULE = "personal_cap"


def judge(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Hold until the last of the shop's caps has a place free; drop what no moment would allow."""
    if facts.purpose == TRANSACTIONAL or facts.is_test:
        return None
    latest: Verdict | None = None
    for cap in policy.caps:
        verdict = _judge_one(facts, cap, at)
        if verdict is None:
            continue
        if verdict.hold_until is None:
            return verdict
        if latest is None or latest.hold_until is None or verdict.hold_until > latest.hold_until:
            latest = verdict
    return latest


def judge_personal(facts: MessageFacts, policy: Policy, at: datetime) -> Verdict | None:
    """Hold until the person's own cap has a place free; no setting of the shop widens it."""
    if facts.personal_cap is None or facts.purpose == TRANSACTIONAL or facts.is_test:
        return None
    messages, days = facts.personal_cap
    length = min(timedelta(days=days), LONGEST_WINDOW)
    if messages <= 0:
        return drop(PERSONAL_RULE, reasons.CAPPED, messages=messages, days=days)
    opens = _rolling_place(facts.sends, messages, length, at)
    if opens is None:
        return None
    return hold(PERSONAL_RULE, reasons.CAPPED, opens, messages=messages, days=days)


def _judge_one(facts: MessageFacts, cap: Cap, at: datetime) -> Verdict | None:
    if cap.messages is None or not _applies(cap, facts):
        return None
    if cap.messages == 0:
        return drop(RULE, reasons.CAPPED, **_inputs(cap, facts))
    counted = _counted(facts, cap)
    if len(counted) < cap.messages:
        return None
    window = cap.window
    if isinstance(window, RollingWindow):
        opens = _rolling_place(counted, cap.messages, window.length, at)
    else:
        opens = _calendar_place(counted, cap.messages, window, at, zone_of(facts.time_zone))
    return None if opens is None else hold(RULE, reasons.CAPPED, opens, **_inputs(cap, facts))


def _applies(cap: Cap, facts: MessageFacts) -> bool:
    if cap.only is None:
        return True
    return cap.only == (facts.channel if cap.scope == "channel" else facts.topic)


def _counted(facts: MessageFacts, cap: Cap) -> Sequence[int]:
    if cap.scope == "all":
        return facts.sends
    if cap.scope == "channel":
        mask, wanted = ring.CHANNEL_MASK, ring.channel_bits(facts.channel)
    else:
        mask, wanted = ring.TOPIC_MASK, ring.topic_bits(facts.topic)
    return [entry for entry in facts.sends if entry & mask == wanted]


def _rolling_place(
    entries: Sequence[int], messages: int, length: timedelta, at: datetime
) -> datetime | None:
    """When the window has room again; None: it has room at `at`."""
    if len(entries) < messages:
        return None
    # While the send `messages` places from the end is in the window, the window is full.
    oldest = entries[-messages]
    if oldest < ring.first_after(at - length):
        return None
    return ring.moment_of(oldest) + length


def _calendar_place(
    entries: Sequence[int], messages: int, window: CalendarWindow, at: datetime, zone: ZoneInfo
) -> datetime | None:
    begins, ends = _bounds(window, at, zone)
    if len(ring.since(entries, ring.first_from(begins))) < messages:
        return None
    return ends


def _bounds(window: CalendarWindow, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which the person's day, week or month around `at` begins and ends."""
    today = at.astimezone(zone).date()
    match window.unit:
        case "day":
            first, after = today, today + timedelta(days=1)
        case "week":
            first = today - timedelta(days=today.weekday())
            after = first + timedelta(days=7)
        case "month":
            first = today.replace(day=1)
            after = (first + timedelta(days=31)).replace(day=1)
        case _ as unknown:
            assert_never(unknown)
    return instant_of(day=first, at=time(0), zone=zone), instant_of(
        day=after, at=time(0), zone=zone
    )


def _inputs(cap: Cap, facts: MessageFacts) -> dict[str, object]:
    window = cap.window
    return {
        "scope": cap.scope,
        "messages": cap.messages,
        "window": str(window.length) if isinstance(window, RollingWindow) else window.unit,
        "sends": [
            ring.moment_of(entry).isoformat()
            for entry in _counted(facts, cap)[-(cap.messages or 1) :]
        ],
    }
