"""Which servers a launcher runs, on disk: so that the next launcher can stop what a killed one left."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cavaco_plugin.hosts.app.embedded.account import Account

# Politely first: for PostgreSQL these are its fast and its immediate shutdown.
STOP_SIGNALS = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


class AlreadyRunning(RuntimeError):
    """Another launcher, alive, holds the directory."""


def started(pid: int) -> str | None:
    """When a living process was started, in its own system's words; None when there is none.

    A pid alone is no proof: the system gives it to another process later. Both together are.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None if Path("/proc/self/stat").exists() else _started_by_ps(pid)
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


def _started_by_ps(pid: int) -> str | None:
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


class Ledger:
    def __init__(self, home: Path) -> None:
        self._file = home / "servers.json"
        self._servers: list[dict[str, Any]] = []
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    @contextmanager
    def held(self) -> Iterator["Ledger"]:
        """Hold the directory: stop leftovers first, and everything started here at the end."""
        self.stop_leftovers()
        self._write()
        try:
            yield self
        finally:
            self._stop(self._servers)
            self._file.unlink(missing_ok=True)

    def launch(self, command: list[str], *, log: Path, account: Account) -> subprocess.Popen[bytes]:
        """Start a server in a session of its own, so that Ctrl-C reaches it through us, and last."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*account.prefix, *command],
                user=account.uid,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._children[process.pid] = process
        self._servers.append({"pid": process.pid, "started": started(process.pid)})
        self._write()
        return process

    def stop_leftovers(self) -> None:
        """Stop what a launcher that is gone left running. Raises AlreadyRunning when it is not gone."""
        try:
            before = json.loads(self._file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return
        launcher = before.get("launcher") or {}
        if launcher and started(launcher["pid"]) == launcher["started"]:
            raise AlreadyRunning(
                f"Process {launcher['pid']} already runs the servers of {self._file.parent}. Stop it first."
            )
        self._stop(before.get("servers", []))

    def _write(self) -> None:
        me = os.getpid()
        text = json.dumps(
            {"launcher": {"pid": me, "started": started(me)}, "servers": self._servers}
        )
        draft = self._file.with_suffix(".draft")
        draft.write_text(text)
        draft.replace(self._file)

    def _stop(self, servers: list[dict[str, Any]]) -> None:
        for server in reversed(servers):
            for stop_signal, patience in STOP_SIGNALS:
                if self._gone_after(server, stop_signal, patience):
                    break

    def _gone_after(
        self, server: dict[str, Any], stop_signal: signal.Signals, patience: float
    ) -> bool:
        pid = int(server["pid"])
        until = time.monotonic() + patience
        if self._runs(server):
            os.kill(pid, stop_signal)
        while self._runs(server):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def _runs(self, server: dict[str, Any]) -> bool:
        child = self._children.get(int(server["pid"]))
        if child is not None:
            return child.poll() is None
        return server["started"] is not None and started(int(server["pid"])) == server["started"]
