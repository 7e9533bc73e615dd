"""A shop in memory and providers on loopback for the outbox's tests."""

from collections.abc import Iterator

import pytest

from cavaco_plugin.channels import configuration
from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer
from cavaco_plugin.outbox import senders
from cavaco_plugin.store import port
from tests.outbox.makers import NOON
from tests.outbox.shop import FakeShop


@pytest.fixture(autouse=True)
def shop() -> Iterator[FakeShop]:
    former = list(port._stores)
    made = FakeShop()
    port.use(made)
    yield made
    port._stores[:] = former


@pytest.fixture(scope="session")
def mail_server() -> Iterator[SendGridServer]:
    with SendGridServer() as server:
        yield server


@pytest.fixture(scope="session")
def text_server() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture
def sendgrid(mail_server: SendGridServer, db: None) -> Iterator[SendGridServer]:
    """E-mail goes through SendGrid, which is empty and takes everything."""
    mail_server.ledger.clear()
    mail_server.script.clear()
    values = {"api_key": mail_server.api_key, "api_url": mail_server.url, "timeout_seconds": 1}
    use("email", "sendgrid", values)
    yield mail_server
    senders.close()


@pytest.fixture
def twilio(text_server: TwilioServer, db: None) -> Iterator[TwilioServer]:
    """Text messages go through Twilio."""
    text_server.ledger.clear()
    text_server.script.clear()
    values = {
        "account_sid": text_server.account_sid,
        "auth_token": text_server.auth_token,
        "from_number": "+15005550006",
        "api_url": text_server.url,
        "timeout_seconds": 1,
    }
    use("sms", "twilio", values)
    yield text_server
    senders.close()


def use(channel: str, provider: str, values: dict[str, object]) -> None:
    configuration.save(channel=channel, provider=provider, values=values, now=NOON)
    configuration.choose(channel=channel, provider=provider, now=NOON)
