"""A whole Saleor with the plugin in it: server, worker with beat, and providers on loopback."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

STARTING_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Saleor:
    """Started and stopped by its own process ids."""

    def __init__(self, *, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.logs = Path(tempfile.mkdtemp(prefix="saleor-logs-"))
        self.environment = {
            **os.environ,
            **environment,
            "DJANGO_SETTINGS_MODULE": "saleor.settings",
            "PUBLIC_URL": self.url,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def beside(self, **environment: str) -> "Saleor":
        """Another Saleor on the same database."""
        return Saleor(environment={**self.environment, **environment})

    def confirmation_token(self, email: str) -> str:
        """What Saleor's own mail would carry."""
        code = (
            "from saleor.account.models import User; "
            "from saleor.core.tokens import account_confirm_token_generator as tokens; "
            f"print('TOKEN=' + tokens.make_token(User.objects.get(email={email!r})))"
        )
        return self.manage("shell", "-c", code).rpartition("TOKEN=")[2].split()[0]

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout

    def start_server(self) -> None:
        self._start(
            "server",
            "uvicorn",
            "saleor.asgi:application",
            "--host=127.0.0.1",
            f"--port={self.port}",
            "--lifespan=auto",
            "--ws=none",
            "--no-access-log",
        )
        deadline = time.monotonic() + STARTING_SECONDS
        while time.monotonic() < deadline:
            assert self._running["server"].poll() is None, self.log("server")
            try:
                if requests.post(
                    f"{self.url}graphql/", json={"query": "{shop{name}}"}, timeout=20
                ).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.3)
        raise AssertionError(self.log("server"))

    def start_worker(self) -> None:
        self._start(
            "worker",
            "celery",
            "-A",
            "saleor",
            "--app=saleor.celeryconf:app",
            "worker",
            "--loglevel=info",
            "-c",
            "2",
            "-B",
            "-s",
            str(self.logs / "beat"),
            "--scheduler",
            "saleor.schedulers.schedulers.DatabaseScheduler",
        )

    def stop(self, name: str, *, kill: bool = False) -> None:
        process = self._running.pop(name, None)
        if process is None:
            return
        process.kill() if kill else process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def stop_all(self) -> None:
        for name in list(self._running):
            self.stop(name)

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text("utf-8", "replace")[-6000:]

    def _start(self, name: str, module: str, *arguments: str) -> None:
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
