"""Permission to write, where a host asks for one."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

Writer = Callable[[], AbstractContextManager[object]]

_writers: list[Writer] = [nullcontext]


def use_writer(writer: Writer) -> None:
    """Enter `writer()` around our writes from now on, in this process."""
    _writers[:] = [writer]


def writing() -> AbstractContextManager[object]:
    """The context in which our own tables are written, from a task or a door."""
    return _writers[0]()
