"""How long a failed event waits. Pure."""

from datetime import timedelta

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
_DOUBLINGS = 10


def wait_after(attempts: int) -> timedelta:
    """The wait after the given number of failures: 10 s, doubling, at most an hour."""
    return min(FIRST_WAIT * 2 ** min(attempts - 1, _DOUBLINGS), LONGEST_WAIT)
