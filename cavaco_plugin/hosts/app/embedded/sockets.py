"""Where the sockets live. The system allows their paths a hundred characters, and no more."""

import hashlib
import os
import tempfile
from pathlib import Path

from cavaco_plugin.hosts.app.embedded.account import server_account

LONGEST = 80


def socket_directory(home: Path) -> Path:
    """A private directory for the sockets of `home`: in it, or in the temporary one when its path is long."""
    path = home / "sockets"
    if len(str(path)) > LONGEST:
        path = (
            Path(tempfile.gettempdir())
            / f"cavaco-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
        )
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid not in {os.geteuid(), server_account().uid}:
        raise PermissionError(
            f"{path} belongs to somebody else. Remove it, or set TMPDIR to a directory of yours."
        )
    uid = server_account().uid
    if uid is not None:
        os.chown(path, uid, -1)
    return path
