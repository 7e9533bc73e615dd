"""When a message that a provider did not take now is offered again. Pure."""

from datetime import timedelta

from cavaco_plugin.kernel.hashing import BUCKETS, stable_bucket

# The wait after the first attempt, the second …; after the last there is no other.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
MAX_ATTEMPTS = len(WAITS) + 1
# Up to so much is added, so that what failed together does not come back together.
JITTER = 0.25


def wait_after(*, attempt: int, message_id: int, asked: timedelta | None = None) -> timedelta:
    """The wait after this attempt (1 is the first), never shorter than the provider asked for.

    The jitter follows from the message and the attempt, so that it is the same however often it is computed.
    """
    base = WAITS[min(attempt, len(WAITS)) - 1]
    share = stable_bucket(salt=f"backoff:{attempt}", value=str(message_id)) / BUCKETS
    wait = max(base, asked or timedelta(0))
    return wait + base * JITTER * share
