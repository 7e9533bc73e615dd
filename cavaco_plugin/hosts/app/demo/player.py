"""Lets stories happen side by side, each at its own time."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cavaco_plugin.hosts.app.demo.stories import Story, Wait

POLL_SECONDS = 0.1


@dataclass
class _Running:
    story: Story
    wait: Wait
    since: float

    def is_over(self, at: float) -> bool:
        """Whether what the story waits for has come."""
        if callable(self.wait):
            return self.wait()
        return at - self.since >= self.wait


def play(
    stories: Iterable[tuple[float, Story]], *, goes_on: Callable[[], bool] = lambda: True
) -> Iterator[int]:
    """Play them all. Yields how many are not at their end, several times a second.

    The one who calls decides when to stop waiting: a story may wait for what never comes.
    """
    began = time.monotonic()
    running = [_Running(story, start, began) for start, story in stories]
    while running and goes_on():
        at = time.monotonic()
        running = [one for one in running if not one.is_over(at) or _step(one, at)]
        yield len(running)
        time.sleep(POLL_SECONDS)


def _step(one: _Running, at: float) -> bool:
    """Let the next thing happen; False when that was the last."""
    try:
        one.wait, one.since = next(one.story), at
    except StopIteration:
        return False
    return True
