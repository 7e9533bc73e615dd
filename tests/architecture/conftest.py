"""A copy of the tree, for tests that spoil it."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = (
    ".git",
    ".venv",
    ".cavaco",
    ".*_cache",
    "__pycache__",
    "node_modules",
    "*.egg-info",
    "build",
)


@pytest.fixture(scope="session")
def copied_tree(tmp_path_factory) -> Path:
    """The project as it stands, with the same installed environment."""
    copy = tmp_path_factory.mktemp("tree") / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy
