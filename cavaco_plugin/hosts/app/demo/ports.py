"""Ports on 127.0.0.1: the one asked for, or a free one."""

import socket


class PortTaken(RuntimeError):
    """Somebody listens there already; choose another with --port."""


def free_port(preferred: int = 0) -> int:
    """`preferred` when nobody has it, else any."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PortTaken("There is no free port on 127.0.0.1. Stop something that listens there.")


def this_port(port: int) -> int:
    """That one and no other.

    Raises:
        PortTaken: with what to do.
    """
    if free_port(port) != port:
        raise PortTaken(f"Port {port} is taken. Choose another with --port, or leave it out.")
    return port
