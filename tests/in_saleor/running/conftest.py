"""One running Saleor for the whole folder."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import policy
from email.parser import BytesParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests

from cavaco_plugin.hosts.app.loopback.smtp import SmtpServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer

HERE = Path(__file__).parent
ACCOUNT, TOKEN = "AC" + "0" * 32, "1" * 32
WAIT_SECONDS = 5


def beside(name: str) -> ModuleType:
    """A module of this folder; pytest's import mode leaves the folder off the path."""
    spec = spec_from_file_location(f"running_{name}", HERE / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


processes, clients = beside("processes"), beside("shopper")


@pytest.fixture(scope="session")
def smtp() -> Iterator[Any]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def twilio() -> Iterator[Any]:
    server = TwilioServer(account_sid=ACCOUNT, auth_token=TOKEN)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def saleor(smtp: Any, twilio: Any) -> Iterator[Any]:
    running = processes.Saleor(
        environment={
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
            "USER_EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
            "CAVACO_TWILIO_API_URL": twilio.url,
        }
    )
    running.manage("cavaco_setup", "--days", "3650")
    subprocess.run(
        [sys.executable, str(HERE / "shorten.py"), str(WAIT_SECONDS)],
        env=running.environment,
        check=True,
    )
    running.start_server()
    running.start_worker()
    yield running
    running.stop_all()


@pytest.fixture(scope="session")
def shop(saleor: Any) -> Any:
    client = clients.Shop(saleor.url)
    settings = {
        "shop_name": "Sample Shop",
        "sender_email": "hello@sample.example",
        "postal_address": "1 Sample Street, Seattle",
        "storefront_url": "https://sample.example/",
        "cart_url": "https://sample.example/cart/{checkout_id}",
        "sms_provider": "twilio",
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": TOKEN,
        "twilio_from_number": "+15005550006",
    }
    client.ask(
        """mutation($c:[ConfigurationItemInput!]){pluginUpdate(id:"cavaco",input:{active:true,configuration:$c}){
        errors{field message}}}""",
        staff=True,
        c=[{"name": name, "value": value} for name, value in settings.items()],
    )
    return client


@pytest.fixture
def somebody() -> str:
    return str(clients.somebody())


@pytest.fixture(scope="session")
def shopper() -> ModuleType:
    return clients


@pytest.fixture
def mails_to(smtp: Any) -> Callable[[str], list[Any]]:
    return lambda email: [taken for taken in smtp.ledger.messages if taken.address == email]


@pytest.fixture
def one_click() -> Callable[[Any], int]:
    """What a mailbox does behind its unsubscribe button."""

    def post(mail: Any) -> int:
        headers = BytesParser(policy=policy.default).parsebytes(mail.raw)
        address = headers["List-Unsubscribe"].strip().strip("<>")
        body = headers["List-Unsubscribe-Post"]
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return int(requests.post(address, data=body, headers=form, timeout=30).status_code)

    return post


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Any]:
    def wait(probe: Callable[[], Any], *, seconds: float = 60, saying: str = "") -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := probe():
                return found
            time.sleep(0.5)
        raise AssertionError(f"it did not happen within {seconds} seconds: {saying}")

    return wait


@pytest.fixture(scope="session")
def database() -> str:
    return os.environ["DATABASE_URL"]
