"""Where the sockets live. The system allows their paths a hundred characters, and no more."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from cavaco_plugin.hosts.app.embedded.account import home_for, private

LONGEST = 80


def socket_directory(home: Path) -> Path:
    """A private directory for the sockets: in `home`, or in the temporary one when its path is long."""
    path = home / "sockets"
    if len(str(path)) > LONGEST:
        name = hashlib.sha256(str(path).encode()).hexdigest()[:12]
        path = Path(tempfile.gettempdir()) / f"cavaco-{name}"
    return private(path)


def tidy(directory: Path, *, keep: bool) -> None:
    """Remove what lies outside `directory` or is of no use to the next run; with `keep` not the data."""
    home = home_for(directory)
    shutil.rmtree(socket_directory(home), ignore_errors=True)
    if home != directory and not keep:
        shutil.rmtree(home, ignore_errors=True)
