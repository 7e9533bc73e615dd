"""Threads with database connections of their own, released at one moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
PATIENCE = 60


def together(number: int, work: Callable[[int], T]) -> list[T]:
    """Call `work` with 0, 1, 2 … at once. Their connections are open before the first begins."""
    barrier = threading.Barrier(number)

    def run(turn: int) -> T:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            return work(turn)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def side_by_side(*works: Callable[[], T]) -> list[T]:
    """The same with several kinds of work."""
    return together(len(works), lambda turn: works[turn]())
