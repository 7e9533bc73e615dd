"""Stable hashes: the same answer in every process, release and machine."""

import hashlib

BUCKETS = 10_000


def stable_bucket(*, salt: str, value: str) -> int:
    """The bucket from 0 to 9,999 of `value` under `salt`; used for splits and holdouts."""
    digest = hashlib.sha256(f"{salt}\x1f{value}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % BUCKETS


def fingerprint(text: str) -> str:
    """A short checksum of `text`, for telling whether a definition or a cart changed."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
