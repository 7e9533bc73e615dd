"""A client at our doors, a shop behind them, and a person with a mailbox and a phone."""

from collections.abc import Iterator

import pytest
from django.test import Client

from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store import port
from cavaco_plugin.web.throttle import public_posts
from tests.outbox.makers import person
from tests.outbox.shop import FakeShop


@pytest.fixture(autouse=True)
def shop() -> Iterator[FakeShop]:
    former = list(port._stores)
    made = FakeShop()
    port.use(made)
    yield made
    port._stores[:] = former


@pytest.fixture(autouse=True)
def doors(settings) -> None:
    settings.ROOT_URLCONF = "cavaco_plugin.web.urls"
    public_posts._seen.clear()


@pytest.fixture
def visitor() -> Client:
    """Somebody without a cookie, who is asked for no token of ours."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def maya(db: None) -> Profile:
    return person(email="maya@example.com", phone="+447700900123", consents=False)
