"""The web server and the worker of the demo: real processes, stopped by their numbers whatever happens."""

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from cavaco_plugin.hosts.app.embedded.account import Account
from cavaco_plugin.hosts.app.embedded.ledger import AlreadyRunning, Ledger

PATIENCE_SECONDS = 90.0
FOLDER = "processes"


class ProcessDied(RuntimeError):
    """A process of the demo ended by itself; the message ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process and where it writes what it says."""

    name: str
    process: "Popen[bytes]"
    log: Path

    def check(self) -> None:
        """Raise ProcessDied when it is gone."""
        code = self.process.poll()
        if code is not None:
            raise ProcessDied(f"The {self.name} ended with {code}. It said:\n{self.last_words()}")

    def last_words(self, lines: int = 25) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def stop_leftovers(parent: Path) -> None:
    """Stop what launchers that were killed left running below `parent`."""
    for folder in parent.glob(f"*/{FOLDER}"):
        try:
            Ledger(folder).stop_leftovers()
        except AlreadyRunning:
            continue  # another demo, alive


@contextmanager
def web_and_worker(directory: Path, *, port: int) -> Iterator[list[Running]]:
    """Both running and ready; the environment holds their settings."""
    folder = directory / FOLDER
    folder.mkdir(mode=0o700)
    python = [sys.executable, "-m"]
    web = f"gunicorn cavaco_plugin.hosts.app.wsgi --bind 127.0.0.1:{port} --threads 8 --worker-class gthread"
    work = (
        "celery --app cavaco_plugin.hosts.app.celery worker --pool threads --concurrency 4 --beat"
    )
    scheduler = ["--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"]
    with Ledger(folder).held() as ledger:
        commands = {
            "web": [*python, *web.split(), "--no-control-socket"],
            "worker": [*python, *work.split(), *scheduler, "--loglevel", "INFO"],
        }
        running = []
        for name, command in commands.items():
            log = directory / f"{name}.log"
            process = ledger.launch(command, log=log, account=Account())
            running.append(Running(name, process, log))
        server, worker = running
        _await(lambda: _answers(f"http://127.0.0.1:{port}/health/"), server)
        _await(lambda: " ready." in worker.log.read_text(errors="replace"), worker)
        yield running


def _await(is_ready: Callable[[], bool], running: Running) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_ready():
        running.check()
        if time.monotonic() > until:
            raise ProcessDied(
                f"The {running.name} was not ready in {PATIENCE_SECONDS:.0f} s. It said:\n{running.last_words()}"
            )
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310  our own address
            return True
    except urllib.error.HTTPError:
        return True  # it serves; what it thinks of its queues is another matter
    except OSError:
        return False
