"""A shop, its providers on loopback, and its flows switched on."""

from collections.abc import Iterator

import pytest

from cavaco_plugin.channels import configuration
from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer
from cavaco_plugin.outbox import senders
from cavaco_plugin.store import port, reconcile
from tests.flows.makers import switched_on
from tests.path.shop import OPENING, Shop
from tests.path.world import poke


@pytest.fixture(scope="session")
def mail_server() -> Iterator[SendGridServer]:
    with SendGridServer() as server:
        yield server


@pytest.fixture
def mailbox(mail_server: SendGridServer, db: None) -> Iterator[SendGridServer]:
    """The provider, empty; what it took is what was sent."""
    mail_server.ledger.clear()
    mail_server.script.clear()
    values = {"api_key": mail_server.api_key, "api_url": mail_server.url, "timeout_seconds": 2}
    configuration.save(channel="email", provider="sendgrid", values=values, now=OPENING)
    configuration.choose(channel="email", provider="sendgrid", now=OPENING)
    yield mail_server
    senders.close()


@pytest.fixture
def shop(mailbox: SendGridServer) -> Iterator[Shop]:
    """Open for business: set up a minute ago, hooks and the abandoned-cart flow on."""
    former = list(port._stores)
    made = Shop(tell=poke)
    port.use(made)
    switched_on("abandoned_cart", at=OPENING)
    reconcile.start(now=OPENING)
    made.pass_time(minutes=1)
    yield made
    port._stores[:] = former


@pytest.fixture
def every_flow(shop: Shop) -> None:
    """The other two flows as well."""
    for flow in ("welcome", "post_purchase"):
        switched_on(flow, at=OPENING)
