"""A small shop that every bad input is tried on, and that must be the same afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from cavaco_plugin.content.models import Template
from cavaco_plugin.store import port
from cavaco_plugin.web.throttle import public_posts
from tests.contracts.table import stored
from tests.outbox.shop import FakeShop

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
# key → channel, purpose
TEMPLATES = {
    "reminder": ("email", "marketing"),
    "receipt": ("email", "transactional"),
    "text": ("sms", "marketing"),
}


@pytest.fixture
def nothing_stored(db: None) -> Iterator[None]:
    """Whatever the test does, every row of every table is as it was."""
    before = stored()
    yield
    assert stored() == before


@pytest.fixture
def templates(db: None) -> None:
    """Three templates with a version each."""
    for key, (channel, purpose) in TEMPLATES.items():
        template = Template.objects.create(
            key=key,
            name=key,
            channel=channel,
            purpose=purpose,
            topic="cart_reminders",
            created_at=NOW,
        )
        template.active_version = template.versions.create(
            number=1, source={}, compiled={}, checksum="one", published_at=NOW
        )
        template.save()


@pytest.fixture
def shop() -> Iterator[FakeShop]:
    """The shop behind the doors."""
    former = list(port._stores)
    made = FakeShop()
    port.use(made)
    public_posts._seen.clear()
    yield made
    port._stores[:] = former


@pytest.fixture
def visitor() -> Client:
    """Somebody whose requests fail as they would in production: an exception is a 500."""
    return Client(raise_request_exception=False)


def header_names(headers: dict[str, str]) -> dict[str, Any]:
    """Headers as the client takes them, without the content type."""
    return {name: value for name, value in headers.items() if name.lower() != "content-type"}
