"""Each slip that a tired afternoon brings is made in a copy of the tree, and caught by its check."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGE = "cavaco_plugin"

# What is slipped, the file, what is added to its end, the check that must fail, what it must say.
SLIPS = [
    (
        "Saleor known outside its home",
        f"{PACKAGE}/flows/engine.py",
        "from saleor.order.models import Order\n",
        "imports",
        "cavaco_plugin.flows.engine -> saleor",
    ),
    (
        "a package without a place",
        f"{PACKAGE}/utils/__init__.py",
        "",
        "imports",
        "cavaco_plugin.utils",
    ),
    (
        "a clock in what decides",
        f"{PACKAGE}/flows/engine.py",
        "from django.utils import timezone\n\nMOMENT = timezone.now()\n",
        "style",
        "Take `now` as an argument",
    ),
    (
        "Django in a pure module",
        f"{PACKAGE}/policy/gate.py",
        "from django.db import models\n",
        "imports",
        "cavaco_plugin.policy.gate -> django",
    ),
    (
        "the gate asked past the outbox",
        f"{PACKAGE}/api/access.py",
        "from cavaco_plugin.policy import gate\n",
        "imports",
        "cavaco_plugin.api.access -> cavaco_plugin.policy.gate",
    ),
    (
        "a message sent past the outbox",
        f"{PACKAGE}/flows/models.py",
        "import cavaco_plugin.channels.email.smtp.transport\n",
        "imports",
        "cavaco_plugin.flows.models -> cavaco_plugin.channels.email.smtp.transport",
    ),
    (
        "an import that goes up",
        f"{PACKAGE}/store/models.py",
        "from cavaco_plugin.flows import engine\n",
        "imports",
        "cavaco_plugin.store is not allowed to import cavaco_plugin.flows",
    ),
    (
        "GraphQL spoken outside the api",
        f"{PACKAGE}/policy/models.py",
        "import graphene\n",
        "imports",
        "cavaco_plugin.policy.models -> graphene",
    ),
    (
        "a time without a zone",
        f"{PACKAGE}/kernel/windows.py",
        "NOON = datetime(2026, 1, 1, 12)\n",
        "style",
        "DTZ001",
    ),
    (
        "a public function without types",
        f"{PACKAGE}/kernel/ids.py",
        "def double(value):\n    return value * 2\n",
        "style",
        "ANN001",
    ),
    (
        "a failure swallowed whole",
        f"{PACKAGE}/kernel/ids.py",
        "try:\n    new_public_id()\nexcept Exception:\n    pass\n",
        "style",
        "BLE001",
    ),
    (
        "a promise in a comment",
        f"{PACKAGE}/kernel/ids.py",
        "# " + "TO" + "DO: better ids\n",
        "style",
        "FIX002",
    ),
    (
        "code laid out by hand",
        f"{PACKAGE}/kernel/ids.py",
        "ODD   = [ 1,2 ]\n",
        "format",
        "-ODD   = [ 1,2 ]",
    ),
    (
        "a folder of text that hides graphql-core",
        "graphql/__init__.py",
        "",
        "migrations",
        "graphql",
    ),
    (
        "a contract that the code does not keep",
        "graphql/schema.graphql",
        "type Promised {\n  id: ID!\n}\n",
        "schema",
        "-type Promised {",
    ),
    (
        "a table changed without a migration",
        f"{PACKAGE}/models.py",
        "from django.db import models\n\n\nclass Forgotten(models.Model):\n    x = models.TextField()\n",
        "migrations",
        "Create model Forgotten",
    ),
]


@pytest.mark.parametrize(
    ("path", "added", "check", "words"),
    [slip[1:] for slip in SLIPS],
    ids=[slip[0] for slip in SLIPS],
)
def test_a_slip_is_caught(copied_tree, path, added, check, words):
    with _spoilt(copied_tree / path, added):
        done = _check(copied_tree, check)
    assert done.returncode == 1
    assert words in done.stdout


@pytest.mark.slow
def test_a_wrong_type_is_caught(copied_tree):
    with _spoilt(copied_tree / PACKAGE / "kernel" / "ids.py", "LENGTH: int = new_public_id()\n"):
        done = _check(copied_tree, "types")
    assert done.returncode == 1
    assert "kernel/ids.py" in done.stdout


def test_the_tree_without_a_slip_passes(copied_tree):
    done = _check(copied_tree, "style", "format", "imports", "migrations", "schema")
    assert done.returncode == 0, done.stdout


def _check(tree: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "dev.py", "check", *names],
        cwd=tree,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


@contextmanager
def _spoilt(path: Path, added: str) -> Iterator[None]:
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_bytes((before or b"") + (b"\n\n" if before and added else b"") + added.encode())
    yield
    if before is not None:
        path.write_bytes(before)
        return
    path.unlink()
    if not any(child.name != "__pycache__" for child in path.parent.iterdir()):
        _remove_empty(path.parent)


def _remove_empty(directory: Path) -> None:
    for cached in (directory / "__pycache__").glob("*"):
        cached.unlink()
    for leftover in (directory / "__pycache__", directory):
        if leftover.exists():
            leftover.rmdir()
