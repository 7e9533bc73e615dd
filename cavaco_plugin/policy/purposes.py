"""The two purposes a message may have. Only a validated template makes a message transactional."""

from typing import Final

from cavaco_plugin.consent.topics import MARKETING, TRANSACTIONAL

PURPOSES: Final = frozenset({MARKETING, TRANSACTIONAL})

__all__ = ["MARKETING", "PURPOSES", "TRANSACTIONAL"]
