"""Run a command with a database and a broker of its own: `python -m … DIRECTORY COMMAND …`.

The servers keep nothing: they and their directory are gone when the command ends.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from cavaco_plugin.hosts.app.embedded import services
from cavaco_plugin.hosts.app.embedded.scratch import scratch


def main(directory: str, *command: str) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with scratch(Path(directory)) as fresh, services(fresh, durable=False) as urls:
        addresses = {"DATABASE_URL": urls.database_url, "CAVACO_BROKER_URL": urls.broker_url}
        with subprocess.Popen(command, env={**os.environ, **addresses}) as child:
            try:
                return child.wait()
            except KeyboardInterrupt:
                _let_it_end(child)
                return 128 + signal.SIGINT
            except SystemExit:
                child.terminate()
                raise


def _let_it_end(child: subprocess.Popen[bytes]) -> None:
    """Ctrl-C in a terminal reached the command too, and it has something to say still."""
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.terminate()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
