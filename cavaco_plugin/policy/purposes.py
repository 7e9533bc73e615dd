"""The two purposes a message may have. Only a validated template makes a message transactional."""

from typing import Final

MARKETING: Final = "marketing"
TRANSACTIONAL: Final = "transactional"
PURPOSES: Final = frozenset({MARKETING, TRANSACTIONAL})
