#!/usr/bin/env python3
"""Everything one does with this project, from a bare Python 3.11 – 3.13:

python3 dev.py demo [--once] [--json FILE]   the sample shop: its database, broker, worker and mailbox included
python3 dev.py test [--slow] [pytest …]      the tests, on a database of their own
python3 dev.py check [NAME …]                style, types, import contracts, migrations, schema
python3 dev.py lock [--upgrade]              compile requirements.txt anew

Each makes and refreshes `.venv` first. Nothing is installed outside it, but for Debian's python3-venv, and that by
root only.
"""

import difflib
import fcntl
import hashlib
import importlib.util
import os
import platform
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
STATE = ROOT / ".cavaco"
REQUIREMENTS = ROOT / "requirements.txt"
SCHEMA = ROOT / "graphql" / "schema.graphql"
SCHEMA_PRINTER = "cavaco_plugin.api.print_schema"
EXTRAS = ("app", "demo", "dev")


def main(arguments: list[str]) -> int:
    commands = {"demo": demo, "test": test, "check": check, "lock": lock}
    if not arguments or arguments[0] not in commands:
        print((__doc__ or "").strip())
        return 0 if arguments[:1] in (["help"], ["--help"], ["-h"]) else 2
    if not (3, 11) <= sys.version_info < (3, 14):
        stop(
            f"This is Python {platform.python_version()}. Run dev.py with Python 3.11, 3.12 or 3.13."
        )
    prepare()
    try:
        return commands[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130


def demo(arguments: list[str]) -> int:
    return run([PYTHON, "-m", "cavaco_plugin.hosts.app.demo", *arguments])


def test(arguments: list[str]) -> int:
    """The whole suite uses two cores or more; a part of it starts sooner with one."""
    is_whole = all(argument in ("-q", "-v", "-x", "--slow") for argument in arguments)
    spread = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"] if is_whole else []
    pytest = [PYTHON, "-m", "pytest", *spread, *arguments]
    return run([PYTHON, "-m", "cavaco_plugin.hosts.app.embedded", str(STATE), *pytest])


def lock(arguments: list[str]) -> int:
    """Pins with hashes and no address: they hold at whichever index the reader uses."""
    quiet = [
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--quiet",
    ]
    extras = [part for extra in EXTRAS for part in ("--extra", extra)]
    compiler = [
        PYTHON,
        "-m",
        "uv",
        "pip",
        "compile",
        "--universal",
        "--generate-hashes",
        "--python-version",
        "3.11",
    ]
    return run(
        [*compiler, *quiet, *extras, *arguments, "--output-file", str(REQUIREMENTS), "setup.cfg"]
    )


# What `check` runs


APPS = ("cavaco", "cavaco_installation")
# The settings want a database named, but no check asks one.
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"


class Check(NamedTuple):
    run: Callable[[], int]
    remedy: str


def checks() -> dict[str, Check]:
    django = [PYTHON, "-W", "ignore::RuntimeWarning", "-m", "django"]
    migrations = [*django, "makemigrations", "--check", "--dry-run", *APPS]
    return {
        "style": Check(
            lambda: run([PYTHON, "-m", "ruff", "check", "."]), "python -m ruff check --fix ."
        ),
        "format": Check(
            lambda: run([PYTHON, "-m", "ruff", "format", "--diff", "."]), "python -m ruff format ."
        ),
        "types": Check(
            lambda: run([PYTHON, "-m", "mypy"], DATABASE_URL=NO_DATABASE), "as printed above"
        ),
        "imports": Check(
            lambda: run([str(VENV / "bin" / "lint-imports")]), "the contracts are in setup.cfg"
        ),
        "migrations": Check(
            lambda: run(migrations, DATABASE_URL=NO_DATABASE),
            f"python -m django makemigrations {' '.join(APPS)}",
        ),
        "schema": Check(schema, f"python -m {SCHEMA_PRINTER} > graphql/schema.graphql"),
    }


def check(names: list[str]) -> int:
    """Run all, or those named; every one is run, whatever the others say, and the table is last."""
    available = checks()
    unknown = sorted(set(names) - set(available))
    if unknown:
        stop(f"There is no check {', '.join(unknown)}. There are: {', '.join(available)}.")
    rows = []
    for name in names or available:
        print(f"-- {name}", flush=True)
        began = time.monotonic()
        passed = available[name].run() == 0
        rows.append((name, passed, time.monotonic() - began))
    print()
    for name, passed, seconds in rows:
        remedy = "" if passed else f"  {available[name].remedy}"
        print(
            f"{name:<12}{'passed' if passed else 'FAILED':<8}{seconds:6.1f} s{remedy}", flush=True
        )
    return 0 if all(passed for _, passed, _ in rows) else 1


def schema() -> int:
    """Whether the committed contract is the one that the code prints."""
    printer = [PYTHON, "-m", SCHEMA_PRINTER]
    settings = {**environment(), "DATABASE_URL": NO_DATABASE}
    printed = subprocess.run(
        printer, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True, check=False
    )
    committed = SCHEMA.read_text() if SCHEMA.exists() else ""
    difference = difflib.unified_diff(
        committed.splitlines(),
        printed.stdout.splitlines(),
        "graphql/schema.graphql",
        "what the code prints",
        lineterm="",
    )
    sys.stdout.writelines(f"{line}\n" for line in difference)
    return printed.returncode or int(printed.stdout != committed)


# What all of them stand on


def prepare() -> None:
    """Make `.venv` and bring it up to date; two at once wait for each other."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "setup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not usable():
            make_environment()
        install("requirements", [REQUIREMENTS], ["--require-hashes", "-r", str(REQUIREMENTS)])
        described = [ROOT / "setup.cfg", ROOT / "setup.py", ROOT / "pyproject.toml"]
        install("project", described, ["--no-deps", "--no-build-isolation", "-e", str(ROOT)])


def usable() -> bool:
    return Path(PYTHON).exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0


def make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install_venv_package()
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False).returncode:
        stop("Python could not make .venv; what it said stands above.")


def install_venv_package() -> None:
    """Debian keeps half of Python's venv module in a package of its own."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        stop(
            "Python's venv module is incomplete here. Install it: sudo apt-get install python3-venv"
        )
    print("Installing Debian's python3-venv ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], env=quiet, check=False, stdout=subprocess.DEVNULL)
    package = [apt, "install", "-y", "-qq", "--no-install-recommends", "python3-venv"]
    if subprocess.run(package, env=quiet, check=False, stdout=subprocess.DEVNULL).returncode:
        stop("apt-get could not install python3-venv; what it said stands above.")


def install(what: str, described_by: list[Path], arguments: list[str]) -> None:
    """Install unless the files that describe it are those of the last time."""
    stamp = VENV / f"{what}.stamp"
    wanted = hashlib.sha256(b"\0".join(path.read_bytes() for path in described_by)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing the {what} into .venv ...", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*pip, *arguments], cwd=ROOT, check=False).returncode:
        stop(f"pip could not install the {what}; what it said stands above.")
    stamp.write_text(wanted)


def environment() -> dict[str, str]:
    """What the settings ask for, unless it is given. What runs here serves this machine only, so any key will do."""
    return {
        "DJANGO_SETTINGS_MODULE": "cavaco_plugin.hosts.app.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        **os.environ,
    }


def run(command: list[str], **more: str) -> int:
    """Run it to its end. It has servers to stop: so Ctrl-C, which it feels itself, does not end us first."""
    with subprocess.Popen(command, cwd=ROOT, env={**environment(), **more}) as child:
        before = signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        result = child.wait()
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if result in (-signal.SIGINT, 128 + signal.SIGINT):
        raise KeyboardInterrupt
    return result


def stop(sentence: str) -> NoReturn:
    sys.exit(f"dev.py: {sentence}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
