"""A database and a broker of our own, for the demo and the tests: nothing to install, nothing left running.

Each is taken from where it is already: the environment (DATABASE_URL, CAVACO_BROKER_URL), then a server that
the system has installed, then the server inside a Python wheel.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cavaco_plugin.hosts.app.embedded import broker, postgres
from cavaco_plugin.hosts.app.embedded.ledger import Ledger
from cavaco_plugin.hosts.app.embedded.sockets import tidy

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
            directory = directory.absolute()
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            stack.callback(tidy, directory, keep=durable)
            ledger = stack.enter_context(Ledger(directory).held())
            database_url = database_url or postgres.start(directory, ledger=ledger, durable=durable)
            broker_url = broker_url or broker.start(directory, ledger=ledger)
        yield Services(database_url=database_url, broker_url=broker_url)
