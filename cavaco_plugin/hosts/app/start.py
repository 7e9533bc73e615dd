"""What happens when Django starts in the app home."""

from cavaco_plugin.api.access import home
from cavaco_plugin.hosts.app.requester import requester_of
from cavaco_plugin.hosts.app.store import CopiedStore
from cavaco_plugin.store import port


def start() -> None:
    """Answer the core's questions."""
    port.use(CopiedStore())
    home.requester = requester_of
