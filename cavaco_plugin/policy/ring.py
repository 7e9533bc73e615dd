"""How the latest sends of one person are packed into whole numbers, so that one row holds them all.

An entry is, from its highest bit: 41 bits of milliseconds since 2020 (until 2089), 6 bits for the
channel, 16 bits for the topic. So entries sort by time, and a cap over everything is one bisection.
The moment is rounded up, never down: a place never becomes free too early. A topic is known by a
hash; should two of a shop's topics ever share one, they share their cap, which sends less, not more.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
CHANNEL_BITS = 6
TOPIC_BITS = 16
MOMENT_SHIFT = CHANNEL_BITS + TOPIC_BITS
CHANNEL_MASK = ((1 << CHANNEL_BITS) - 1) << TOPIC_BITS
TOPIC_MASK = (1 << TOPIC_BITS) - 1

# Numbers that rows hold: never change or reuse one.
CHANNEL_CODES = {
    "email": 1,
    "sms": 2,
    "push": 3,
    "whatsapp": 4,
    "voice": 5,
    "rcs": 6,
    "messenger": 7,
    "viber": 8,
    "telegram": 9,
    "line": 10,
}


def pack(*, at: datetime, channel: str, topic: str) -> int:
    """The entry of a send at `at`."""
    return (_ceil(at) << MOMENT_SHIFT) | channel_bits(channel) | topic_bits(topic)


def moment_of(entry: int) -> datetime:
    """When the send of an entry was."""
    return EPOCH + (entry >> MOMENT_SHIFT) * MILLISECOND


def first_after(at: datetime) -> int:
    """The least number any entry later than `at` can be: what lies below has left a window that began at `at`."""
    return ((at - EPOCH) // MILLISECOND + 1) << MOMENT_SHIFT


def first_from(at: datetime) -> int:
    """The least number any entry at `at` or later can be."""
    return _ceil(at) << MOMENT_SHIFT


def since(entries: Sequence[int], threshold: int) -> Sequence[int]:
    """The entries not below `threshold`."""
    return entries[bisect_left(entries, threshold) :]


def free_entry(*, taken: Iterable[int], at: datetime, channel: str, topic: str) -> int:
    """An entry for `at`, moved on by a millisecond as often as needed to be unlike all those taken."""
    entry = pack(at=at, channel=channel, topic=topic)
    others = frozenset(taken)
    while entry in others:
        entry += 1 << MOMENT_SHIFT
    return entry


@lru_cache(maxsize=64)
def channel_bits(channel: str) -> int:
    """The channel's place in an entry.

    Raises:
        ValueError: the channel has no code yet.
    """
    try:
        return CHANNEL_CODES[channel] << TOPIC_BITS
    except KeyError:
        known = ", ".join(CHANNEL_CODES)
        raise ValueError(f"channel: {channel!r} is not one of {known}.") from None


@lru_cache(maxsize=4096)
def topic_bits(topic: str) -> int:
    """The topic's place in an entry."""
    return int.from_bytes(hashlib.sha256(topic.encode()).digest()[:2], "big")


def _ceil(at: datetime) -> int:
    return -((EPOCH - at) // MILLISECOND)
