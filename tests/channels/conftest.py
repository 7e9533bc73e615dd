"""The stands, with their servers kept for the whole run and wiped for each test."""

from collections.abc import Iterator

import pytest

from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer
from cavaco_plugin.hosts.app.loopback.server import LoopbackServer
from cavaco_plugin.hosts.app.loopback.smtp import SmtpServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer
from tests.channels.stands import SendGridStand, SmtpStand, Stand, TwilioStand

# A new provider adds one line here.
STANDS: dict[str, tuple[type[Stand], type[LoopbackServer], dict[str, object]]] = {
    "smtp": (SmtpStand, SmtpServer, {"users": {"shop": "right"}}),
    "sendgrid": (SendGridStand, SendGridServer, {}),
    "twilio": (TwilioStand, TwilioServer, {"report": ()}),
}


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, LoopbackServer]]:
    """Every provider's server, running."""
    running = {name: server(**options).start() for name, (_, server, options) in STANDS.items()}
    yield running
    for server in running.values():
        server.stop()


def _stand(name: str, servers: dict[str, LoopbackServer]) -> Stand:
    server = servers[name]
    server.script.clear()
    server.ledger.clear()
    server.latency = 0.0
    server.sessions = 0
    return STANDS[name][0](server)


@pytest.fixture(params=list(STANDS))
def stand(request: pytest.FixtureRequest, servers: dict[str, LoopbackServer]) -> Stand:
    """Each provider in turn."""
    return _stand(request.param, servers)


@pytest.fixture
def smtp(servers: dict[str, LoopbackServer]) -> Stand:
    """SMTP alone."""
    return _stand("smtp", servers)


@pytest.fixture
def sendgrid(servers: dict[str, LoopbackServer]) -> Stand:
    """SendGrid alone."""
    return _stand("sendgrid", servers)


@pytest.fixture
def twilio(servers: dict[str, LoopbackServer]) -> Stand:
    """Twilio alone."""
    return _stand("twilio", servers)
