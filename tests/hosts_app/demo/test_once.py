"""The whole demo, as `python3 dev.py demo --once` plays it: real processes, and none left at the end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

NOT_THEIRS = {"DATABASE_URL", "CAVACO_BROKER_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}


def run_demo(tmp_path: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name not in NOT_THEIRS}
    command = [sys.executable, "-m", "cavaco_plugin.hosts.app.demo", "--state", str(tmp_path)]
    return subprocess.run(
        [*command, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def processes_below(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in command:
            found.append(process.name)
    return found


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_everything_that_has_to_happen_does(tmp_path: Path) -> None:
    result = tmp_path / "result.json"

    ended = run_demo(tmp_path / "state", "--once", "--json", str(result))

    assert ended.returncode == 0, ended.stdout
    told = json.loads(result.read_text())
    assert told["passed"] is True
    assert [one["sentence"] for one in told["expectations"] if not one["is_met"]] == []
    assert told["profiles"] == 12
    assert processes_below(tmp_path / "state") == []
    assert list((tmp_path / "state").iterdir()) == []


def test_a_port_that_is_taken_is_said_and_nothing_starts(tmp_path: Path) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run_demo(tmp_path / "state", "--once", "--port", str(port))

    assert ended.returncode == 1
    assert f"Port {port} is taken. Choose another with --port, or leave it out." in ended.stdout
    assert not (tmp_path / "state").exists()


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ended = run_demo(tmp_path / "file" / "state", "--once")

    assert ended.returncode == 1
    assert "Not a directory" in ended.stdout
    assert "Traceback" not in ended.stdout
