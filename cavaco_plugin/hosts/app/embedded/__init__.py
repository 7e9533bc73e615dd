"""A database and a broker of our own, for the demo and the tests: nothing to install, nothing left running.

Each is taken from where it is already: the environment (DATABASE_URL, CAVACO_BROKER_URL), then a server that
the system has installed, then the server inside a Python wheel.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cavaco_plugin.hosts.app.embedded import broker, postgres
from cavaco_plugin.hosts.app.embedded.account import home_for
from cavaco_plugin.hosts.app.embedded.ledger import Ledger
from cavaco_plugin.hosts.app.embedded.sockets import socket_directory

__all__ = ["Services", "services"]


@dataclass(frozen=True, slots=True)
class Services:
    database_url: str
    broker_url: str


@contextmanager
def services(directory: Path, *, durable: bool = True) -> Iterator[Services]:
    """Run a database and a broker below `directory` until the block ends.

    What a killed launcher left running there is stopped first. With `durable` off the database forgets
    what it was told when the power goes: right for tests, five times faster to write to.
    """
    database_url = os.environ.get("DATABASE_URL", "")
    broker_url = os.environ.get("CAVACO_BROKER_URL", "")
    with ExitStack() as stack:
        if not (database_url and broker_url):
            home = home_for(directory)
            stack.callback(shutil.rmtree, socket_directory(home), ignore_errors=True)
            ledger = stack.enter_context(Ledger(home).held())
            database_url = database_url or postgres.start(home, ledger=ledger, durable=durable)
            broker_url = broker_url or broker.start(home, ledger=ledger)
        yield Services(database_url=database_url, broker_url=broker_url)
