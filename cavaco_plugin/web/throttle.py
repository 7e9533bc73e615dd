"""A brake on repeated posts through one link, in the memory of one process.

Nobody can guess a link, so this only keeps its owner (or a page gone wild) from filling the
consent records. Several processes each count for themselves: the limit is a brake, not a promise.
"""

import threading
from collections import OrderedDict, deque

POSTS = 20
SECONDS = 60.0
_REMEMBERED = 10_000


class Throttle:
    """At most so many posts in so many seconds for each key; the oldest keys are forgotten."""

    def __init__(self, *, posts: int = POSTS, seconds: float = SECONDS) -> None:
        self._posts, self._seconds = posts, seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def admits(self, key: str, *, at: float) -> bool:
        """Whether one more post is fine at this moment of a monotonic clock."""
        with self._lock:
            times = self._seen.setdefault(key, deque(maxlen=self._posts))
            self._seen.move_to_end(key)
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            if len(times) == self._posts and at - times[0] < self._seconds:
                return False
            times.append(at)
            return True


public_posts = Throttle()
