"""Who runs the servers: PostgreSQL refuses to run as root, and a container often has nobody else."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """What to put before a server's command, and which user to become (None: the present one)."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None


@cache
def server_account() -> Account:
    """The present user; for root a user namespace in which root is nobody; failing that, nobody."""
    if os.geteuid() != 0:
        return Account()
    if shutil.which("unshare") and run(["unshare", "-U", "true"], Account()).returncode == 0:
        return Account(prefix=("unshare", "-U"))
    return Account(uid=pwd.getpwnam("nobody").pw_uid)


def run(command: list[str], account: Account) -> subprocess.CompletedProcess[str]:
    """Run a short command as that account; its output is in the answer, its failure too."""
    return subprocess.run(
        [*account.prefix, *command],
        user=account.uid,
        cwd="/",
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


def home_for(directory: Path) -> Path:
    """Where the account can keep its files: `directory`, or a place of its own when that is closed to it."""
    uid = server_account().uid
    if uid is None:
        return directory
    if _may_enter(directory, uid):
        return private(directory / "nobody")
    name = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
    return private(Path(tempfile.gettempdir()) / f"cavaco-{name}")


def private(path: Path) -> Path:
    """A directory for the account alone. One that somebody else put there is refused, not used."""
    uid = server_account().uid
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        if path.is_symlink() or path.stat().st_uid not in {os.geteuid(), uid}:
            raise PermissionError(f"{path} belongs to somebody else. Remove it.") from None
    if uid is not None:
        os.chown(path, uid, -1, follow_symlinks=False)
    return path


def runnable(binaries: Path, *, tree: Path, home: Path) -> Path:
    """The folder of programs, copied with its `tree` into `home` where the account cannot reach it."""
    uid = server_account().uid
    if uid is None or _may_enter(binaries, uid):
        return binaries
    copy = home / "programs"
    for part in (tree, tree.with_name(f"{tree.name}.libs")):
        if part.exists():
            shutil.copytree(part, copy / part.name, dirs_exist_ok=True)
    for path in (copy, *copy.rglob("*")):
        os.chown(path, uid, -1)
    return copy / binaries.relative_to(tree.parent)


def _may_enter(directory: Path, uid: int) -> bool:
    """Whether a user owns, or anybody may pass through, each folder on the way to the directory."""
    way = [path.stat() for path in (directory, *directory.parents)]
    return all(step.st_uid == uid or step.st_mode & stat.S_IXOTH for step in way)
