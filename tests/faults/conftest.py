"""Workers, a provider and a database that all of them really share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cavaco_plugin.channels import configuration
from cavaco_plugin.outbox import senders
from cavaco_plugin.store import port
from tests.faults.crew import Crew, context
from tests.faults.provider import API_KEY, Provider, serve
from tests.faults.worker import Copies
from tests.outbox.makers import NOON


@pytest.fixture(scope="session")
def provider_process() -> Iterator[Provider]:
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    yield Provider(ours)
    ours.close()
    process.join(10)


@pytest.fixture
def provider(provider_process: Provider, transactional_db: None) -> Iterator[Provider]:
    """E-mail goes to a SendGrid that nobody here can break by dying."""
    provider_process.forget()
    values = {"api_key": API_KEY, "api_url": provider_process.url, "timeout_seconds": 20}
    configuration.save(channel="email", provider="sendgrid", values=values, now=NOON)
    configuration.choose(channel="email", provider="sendgrid", now=NOON)
    yield provider_process
    senders.close()


@pytest.fixture
def texts(transactional_db: None) -> None:
    """Text messages have a provider to be claimed for; nobody calls it."""
    values = {
        "account_sid": "AC" + "0" * 32,
        "auth_token": "loopback",
        "from_number": "+15005550006",
        "api_url": "http://127.0.0.1:1",
    }
    configuration.save(channel="sms", provider="twilio", values=values, now=NOON)
    configuration.choose(channel="sms", provider="twilio", now=NOON)


@pytest.fixture(autouse=True)
def shop() -> Iterator[Copies]:
    former = list(port._stores)
    made = Copies()
    port.use(made)
    yield made
    port._stores[:] = former


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    made = Crew(tmp_path / "complaints.txt")
    yield made
    made.dismiss()
