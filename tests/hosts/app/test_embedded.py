"""The database and the broker that demo and tests bring along."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from cavaco_plugin.hosts.app.embedded import services
from cavaco_plugin.hosts.app.embedded.ledger import AlreadyRunning, started

LAUNCH = [sys.executable, "-m", "cavaco_plugin.hosts.app.embedded"]
HOLD = """
import sys, time
from pathlib import Path
from cavaco_plugin.hosts.app.embedded import services
with services(Path(sys.argv[1]), durable=False) as urls:
    print(urls.database_url, urls.broker_url, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _nothing_is_given(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("CAVACO_BROKER_URL", raising=False)


def _held(directory: Path) -> tuple[subprocess.Popen, str]:
    launcher = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(directory)], stdout=subprocess.PIPE, text=True
    )
    database_url, _ = launcher.stdout.readline().split()
    return launcher, database_url


def _servers(directory: Path) -> list[dict]:
    return json.loads((directory / "servers.json").read_text())["servers"]


def _answer(database_url: str, question: str) -> object:
    with psycopg.connect(database_url) as connection:
        return connection.execute(question).fetchone()[0]


def test_the_services_live_as_long_as_the_block_and_listen_to_no_network(tmp_path):
    with services(tmp_path, durable=False) as urls:
        assert _answer(urls.database_url, "SELECT current_database()") == "cavaco"
        assert _answer(urls.database_url, "SHOW listen_addresses") == ""
        assert _answer(urls.database_url, "SHOW fsync") == "off"
        assert urls.broker_url.startswith("redis+socket:///")
        running = _servers(tmp_path)
        assert [started(server["pid"]) == server["started"] for server in running] == [True, True]

    assert [started(server["pid"]) for server in running] == [None, None]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(urls.database_url)


def test_a_second_run_finds_what_the_first_wrote(tmp_path):
    with services(tmp_path) as urls, psycopg.connect(urls.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    with services(tmp_path) as urls:
        assert _answer(urls.database_url, "SELECT answer FROM kept") == 42
        assert _answer(urls.database_url, "SHOW fsync") == "on"


def test_servers_of_a_killed_launcher_are_stopped_by_the_next_one(tmp_path):
    launcher, _ = _held(tmp_path)
    left = _servers(tmp_path)
    launcher.kill()
    launcher.wait()
    assert [started(server["pid"]) == server["started"] for server in left] == [True, True]

    with services(tmp_path, durable=False) as urls:
        assert [started(server["pid"]) for server in left] == [None, None]
        assert _answer(urls.database_url, "SELECT 1") == 1


def test_a_process_that_only_inherited_the_pid_is_left_alone(tmp_path):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    entry = {"pid": bystander.pid, "started": "1"}
    (tmp_path / "servers.json").write_text(json.dumps({"launcher": entry, "servers": [entry]}))

    with services(tmp_path, durable=False):
        assert bystander.poll() is None

    bystander.kill()
    bystander.wait()


def test_a_directory_in_use_is_refused_by_name(tmp_path):
    launcher, _ = _held(tmp_path)
    try:
        with pytest.raises(AlreadyRunning, match=f"Process {launcher.pid} already runs"):
            services(tmp_path).__enter__()
    finally:
        launcher.kill()
        launcher.wait()
    with services(tmp_path, durable=False):
        pass


def test_what_the_environment_names_is_used_and_nothing_is_started(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/shop")
    monkeypatch.setenv("CAVACO_BROKER_URL", "redis://elsewhere:6379/0")

    with services(tmp_path) as urls:
        assert urls.database_url == "postgresql://elsewhere/shop"
        assert urls.broker_url == "redis://elsewhere:6379/0"
        assert list(tmp_path.iterdir()) == []


def test_a_directory_with_a_long_path_still_gets_its_sockets(tmp_path):
    with services(tmp_path / ("deep" * 20), durable=False) as urls:
        assert _answer(urls.database_url, "SELECT 1") == 1


def test_a_command_is_run_with_both_and_its_result_is_handed_back(tmp_path):
    code = "import os, sys; print(os.environ['DATABASE_URL'][:20]); sys.exit(7)"
    done = subprocess.run(
        [*LAUNCH, str(tmp_path), sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    )
    assert (done.returncode, done.stdout) == (7, "postgresql://cavaco@\n")
    assert list(tmp_path.iterdir()) == []


def test_a_terminated_launcher_takes_its_servers_and_its_directory_along(tmp_path):
    launcher = subprocess.Popen(
        [*LAUNCH, str(tmp_path), "sh", "-c", "echo up; exec sleep 600"], stdout=subprocess.PIPE
    )
    assert launcher.stdout.readline() == b"up\n"
    left = _servers(next(tmp_path.iterdir()))
    launcher.send_signal(signal.SIGTERM)

    assert launcher.wait() == 143
    assert [started(server["pid"]) for server in left] == [None, None]
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_is_cleared_away_by_the_next(tmp_path):
    launcher = subprocess.Popen(
        [*LAUNCH, str(tmp_path), "sh", "-c", "echo up; exec sleep 2"], stdout=subprocess.PIPE
    )
    assert launcher.stdout.readline() == b"up\n"
    left = _servers(next(tmp_path.iterdir()))
    launcher.kill()
    launcher.wait()

    subprocess.run([*LAUNCH, str(tmp_path), "true"], check=True)

    assert [started(server["pid"]) for server in left] == [None, None]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_user_namespaces_becomes_nobody(tmp_path):
    who = "SELECT pg_catalog.pg_backend_pid()"
    code = (
        "import os, psycopg; c = psycopg.connect(os.environ['DATABASE_URL']);"
        f"pid = c.execute({who!r}).fetchone()[0]; print(os.stat(f'/proc/{{pid}}').st_uid)"
    )
    done = subprocess.run(
        [*LAUNCH, str(tmp_path / "state"), sys.executable, "-c", code],
        env={**os.environ, "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "65534\n")
