"""A shop in memory whose mail and texts are taken by providers on loopback."""

from collections.abc import Iterator

import pytest

from cavaco_plugin.channels import configuration
from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer
from cavaco_plugin.outbox import senders
from cavaco_plugin.store import port, reconcile
from tests.flows.makers import switched_on
from tests.path.shop import OPENING
from tests.promises.providers import Providers


@pytest.fixture(scope="session")
def servers() -> Iterator[Providers]:
    with SendGridServer() as mail, TwilioServer() as texts:
        yield Providers(mail, texts)


@pytest.fixture
def providers(servers: Providers, db: None) -> Iterator[Providers]:
    """Empty, and set up for both channels."""
    servers.forget()
    for channel, name, values in servers.settings():
        configuration.save(channel=channel, provider=name, values=values, now=OPENING)
        configuration.choose(channel=channel, provider=name, now=OPENING)
    former = list(port._stores)
    yield servers
    port._stores[:] = former
    senders.close()


@pytest.fixture
def flows(db: None) -> None:
    """The three shipped flows, on since the opening."""
    for key in ("abandoned_cart", "welcome", "post_purchase"):
        switched_on(key, at=OPENING)
    reconcile.start(now=OPENING)
