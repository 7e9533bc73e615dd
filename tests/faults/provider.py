"""A provider in a process of its own: it outlives every worker and counts what it took."""

from collections import Counter
from multiprocessing.connection import Connection
from typing import Any

from cavaco_plugin.hosts.app.loopback.script import Behaviour
from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer

API_KEY = "SG.loopback"


def serve(wire: Connection) -> None:
    """Answer the test's questions until it hangs up."""
    with SendGridServer(api_key=API_KEY) as server:
        wire.send(server.url)
        while True:
            try:
                wire.send(_answer(server, *wire.recv()))
            except EOFError:
                return


def _answer(server: SendGridServer, question: str, *told: Any) -> Any:
    if question == "behave":
        server.script.then(*told)
    elif question == "slow":
        server.latency = told[0]
    elif question == "forget":
        server.script.clear()
        server.ledger.clear()
        server.latency = 0.0
    return server.ledger.counts if question == "counts" else None


class Provider:
    """The test's end of the wire."""

    def __init__(self, wire: Connection) -> None:
        self._wire = wire
        self.url: str = wire.recv()

    def _ask(self, question: str, *told: Any) -> Any:
        self._wire.send((question, *told))
        return self._wire.recv()

    def behave(self, *behaviours: Behaviour) -> None:
        """So for the next requests, one each."""
        self._ask("behave", *behaviours)

    def slow(self, seconds: float) -> None:
        """Wait so long before taking anything."""
        self._ask("slow", seconds)

    def forget(self) -> None:
        """Empty, quick and willing."""
        self._ask("forget")

    def counts(self) -> Counter[str]:
        """How often each message was taken, by its public id."""
        return self._ask("counts")
