"""A shop in memory for the flows' tests."""

from collections.abc import Iterator

import pytest

from cavaco_plugin.store import port
from tests.outbox.shop import FakeShop


@pytest.fixture(autouse=True)
def shop() -> Iterator[FakeShop]:
    former = list(port._stores)
    made = FakeShop()
    port.use(made)
    yield made
    port._stores[:] = former
