"""Directories for one run each, so that several runs side by side do not meet."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cavaco_plugin.hosts.app.embedded.ledger import Ledger, started
from cavaco_plugin.hosts.app.embedded.sockets import tidy


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A fresh directory below `parent`, removed at the end; those of killed runs are removed first."""
    parent = parent.absolute()
    parent.mkdir(parents=True, exist_ok=True)
    for directory in parent.glob("scratch-*-*"):
        owner = int(directory.name.split("-")[1])
        if directory.name != _name_for(owner):
            Ledger(directory).stop_leftovers()
            _remove(directory)
    directory = parent / _name_for(os.getpid())
    directory.mkdir(mode=0o700)
    try:
        yield directory
    finally:
        _remove(directory)


def _name_for(pid: int) -> str:
    return f"scratch-{pid}-{re.sub(r'[^0-9A-Za-z]', '', started(pid) or '')}"


def _remove(directory: Path) -> None:
    tidy(directory, keep=False)
    shutil.rmtree(directory, ignore_errors=True)
