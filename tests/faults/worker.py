"""One worker in a process of its own, as Celery would run it: it may be killed at any moment.

The processes are forked from a server that has imported everything and opened nothing.
"""

import random
import time
import traceback
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.db import connections

from cavaco_plugin import pipeline
from cavaco_plugin.channels import registry  # noqa: F401  imported once for all forks
from cavaco_plugin.events.queries import open_events
from cavaco_plugin.hosts.app.store import CopiedStore
from cavaco_plugin.store import port
from cavaco_plugin.store.port import ShopIdentity
from tests.outbox.shop import IDENTITY

QUIET_ROUNDS = 3


class Copies(CopiedStore):
    """The shop as our copies know it, under a name of its own."""

    def shop(self, sales_channel: str) -> ShopIdentity:
        return IDENTITY


class StuckShop(Copies):
    """A shop that does not answer when a message is being rendered."""

    def shop(self, sales_channel: str) -> ShopIdentity:
        time.sleep(3600)
        return IDENTITY


SHOPS = {"copies": Copies, "stuck": StuckShop}


@dataclass(frozen=True)
class Orders:
    """What a worker is to do, and at which time of its clock it begins."""

    database: dict[str, Any]
    clock: datetime
    errors: Path
    jobs: tuple[str, ...] = ("timers", "release")
    shop: str = "copies"
    seed: int = 0
    limit: int = 20
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.clock + timedelta(seconds=time.monotonic() - self.began)


def work(orders: Orders) -> None:
    """Do the jobs in any order until nothing is left; what goes wrong is written down."""
    connections.settings["default"].update(orders.database)
    port.use(SHOPS[orders.shop]())
    chance = random.Random(orders.seed)
    quiet = 0
    try:
        while quiet < QUIET_ROUNDS:
            jobs = chance.sample(orders.jobs, len(orders.jobs))
            done = sum(JOBS[job](orders) for job in jobs)
            quiet = 0 if done else quiet + 1
            if not done:
                time.sleep(0.02)
    except BaseException:
        with orders.errors.open("a") as file:
            file.write(traceback.format_exc())
        raise


def _events(orders: Orders) -> int:
    found = open_events(now=orders.now(), limit=orders.limit)
    for event in found:
        pipeline.handle_store_event(event=event, now=orders.now())
    return len(found)


def _timers(orders: Orders) -> int:
    return pipeline.run_due(now=orders.now(), limit=orders.limit)


def _release(orders: Orders) -> int:
    report = pipeline.release_due(now=orders.now(), limit=orders.limit)
    return report.claimed + report.held + report.dropped


JOBS = {"events": _events, "timers": _timers, "release": _release}
