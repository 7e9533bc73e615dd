"""A Saleor on loopback that has installed the app, and real deliveries of a real one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cavaco_plugin.hosts.app import requester
from cavaco_plugin.hosts.app.installation import operations as installations
from cavaco_plugin.hosts.app.installation.models import Installation
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer, global_id

DELIVERIES = Path(__file__).parent / "deliveries"


def delivery(name: str) -> dict[str, Any]:
    """A delivery as Saleor 3.23 sent it: `headers` and the `body` that the signature covers."""
    return json.loads((DELIVERIES / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def running_saleor() -> Iterator[SaleorServer]:
    with SaleorServer() as server:
        yield server


@pytest.fixture
def saleor(running_saleor: SaleorServer, settings: Any) -> SaleorServer:
    """A Saleor that this installation may serve, and has not installed it yet."""
    running_saleor.asked.clear()
    for rows in running_saleor.nodes.values():
        rows.clear()
    running_saleor.app_permissions = ["MANAGE_USERS", "MANAGE_ORDERS", "MANAGE_CHECKOUTS"]
    settings.SALEOR_API_URLS = [running_saleor.api_url]
    requester._believed.clear()
    return running_saleor


@pytest.fixture
def shop(saleor: SaleorServer, db: None) -> SaleorServer:
    """The same, installed."""
    install(saleor.api_url, saleor.key_set(), token=saleor.app_token)
    return saleor


@pytest.fixture
def captured_shop(db: None) -> Installation:
    """The Saleor that the captured deliveries come from."""
    return install("http://127.0.0.1:8001/graphql/", delivery("jwks"), token="captured")


def install(api_url: str, keys: dict[str, Any], *, token: str) -> Installation:
    from django.utils import timezone

    installations.install(
        api_url=api_url,
        domain="shop.example",
        token=token,
        app_id=global_id("App", 1),
        jwks=keys,
        now=timezone.now(),
    )
    return Installation.objects.get(api_url=api_url)


@pytest.fixture
def staff() -> dict[str, Any]:
    """Somebody who may see customers and orders."""
    return {
        "id": global_id("User", 7),
        "email": "ann@shop.example",
        "isStaff": True,
        "userPermissions": [{"code": "MANAGE_USERS"}, {"code": "MANAGE_ORDERS"}],
    }
