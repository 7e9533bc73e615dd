"""`python -m cavaco_plugin.hosts.app.demo`: the sample shop, alive, with the mail its customers get."""

import argparse
import logging
import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from cavaco_plugin.hosts.app.demo import ports
from cavaco_plugin.hosts.app.demo.house import MAILBOX_PORT, standing
from cavaco_plugin.hosts.app.demo.ports import PortTaken
from cavaco_plugin.hosts.app.demo.processes import ProcessDied
from cavaco_plugin.hosts.app.demo.shop import DeliveryRefused
from cavaco_plugin.hosts.app.embedded.broker import BrokerDidNotStart
from cavaco_plugin.hosts.app.embedded.ledger import AlreadyRunning
from cavaco_plugin.hosts.app.embedded.postgres import DatabaseDidNotStart

STATE = Path(".cavaco")
# What keeps the demo from going on; each says what to do.
REFUSALS = (
    AlreadyRunning,
    BrokerDidNotStart,
    DatabaseDidNotStart,
    DeliveryRefused,
    PortTaken,
    ProcessDied,
)


def main(arguments: list[str]) -> int:
    """Play. The answer is 0 when everything that had to happen did."""
    asked = _parser().parse_args(arguments)
    console = Console()
    # Said again, because a shell starts what runs in the background with Ctrl-C switched off.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    logging.getLogger("aiohttp").setLevel(logging.ERROR)
    try:
        return _play(asked, console)
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    except REFUSALS as wrong:
        console.print("[red]demo:[/]", escape(str(wrong)))
    except OSError as wrong:
        place = f" ({wrong.filename})" if wrong.filename else ""
        console.print(f"[red]demo:[/] {wrong.strerror or wrong}{place}. {_remedy(wrong)}")
    return 1


def _play(asked: argparse.Namespace, console: Console) -> int:
    port = ports.this_port(asked.port) if asked.port else ports.free_port(MAILBOX_PORT)
    console.print("Starting the database, the broker, the web server and the worker …")
    with standing(asked.state.absolute(), mailbox_port=port) as house:
        from cavaco_plugin.hosts.app.demo import performance

        console.print(f"Mailbox: [bold]{house.mailbox_url}[/]")
        console.print(
            f"GraphQL: {house.doors_url}graphql/ with the header"
            f" Authorization-Bearer: {house.shop.saleor.app_token}"
        )
        if asked.once:
            return performance.once(house, console, json_path=asked.json)
        return performance.for_ever(house, console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="demo", description=__doc__)
    parser.add_argument(
        "--once", action="store_true", help="Play the cast's stories, check what came of them, end."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="With --once: write the result.")
    parser.add_argument("--port", type=int, help=f"The mailbox page's (default: {MAILBOX_PORT}).")
    parser.add_argument("--state", type=Path, default=STATE, help=argparse.SUPPRESS)
    return parser


def _remedy(wrong: OSError) -> str:
    remedies = {
        "ENOSPC": "Free some space: the demo needs about 200 MB.",
        "EACCES": "Run it in a folder you may write to, or give one with --state.",
        "EROFS": "Run it in a folder you may write to, or give one with --state.",
        "EADDRINUSE": "Choose another port with --port.",
    }
    import errno

    return remedies.get(errno.errorcode.get(wrong.errno or 0, ""), "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
