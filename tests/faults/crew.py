"""Starting workers, killing them, and waiting until the others are done."""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from django.db import connection

from tests.faults.worker import Orders, work

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["tests.faults.worker", "tests.faults.provider"])
LONGEST = 90


class Crew:
    """The workers of one test. None of them is alive after it."""

    def __init__(self, errors: Path) -> None:
        self._errors = errors
        self._all: list[BaseProcess] = []

    def start(self, number: int, *, clock: datetime, **orders: Any) -> list[BaseProcess]:
        """So many workers, whose clocks begin at `clock`."""
        database = {name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT")}
        given = [
            Orders(database=database, clock=clock, errors=self._errors, seed=seed, **orders)
            for seed in range(number)
        ]
        fresh = [context.Process(target=work, args=(one,), daemon=True) for one in given]
        self._all += fresh
        for process in fresh:
            process.start()
        return fresh

    def join(self, workers: Iterable[BaseProcess]) -> None:
        """Wait for those that were not killed; none of them may have failed."""
        for process in workers:
            process.join(LONGEST)
            assert not process.is_alive(), "a worker does not come to an end"
        assert self.complaints() == ""

    def run(self, number: int, *, clock: datetime, **orders: Any) -> None:
        self.join(self.start(number, clock=clock, **orders))

    def run_and_kill(
        self,
        number: int,
        *,
        victims: int,
        chance: random.Random,
        clock: datetime,
        once: Callable[[], Any],
        **orders: Any,
    ) -> int:
        """The same, and `kill -9` some of them from the moment on that `once` is true, at any moment.

        Returns how many of them were alive until then.
        """
        workers = self.start(number, clock=clock, **orders)
        while not once() and any(process.is_alive() for process in workers):
            time.sleep(0.01)
        hit = 0
        for process in chance.sample(workers, victims):
            time.sleep(chance.uniform(0, 0.05))
            hit += process.is_alive()
            process.kill()
        self.join(workers)
        return hit

    def complaints(self) -> str:
        return self._errors.read_text() if self._errors.exists() else ""

    def dismiss(self) -> None:
        for process in self._all:
            if process.is_alive():
                process.kill()
            process.join(10)
