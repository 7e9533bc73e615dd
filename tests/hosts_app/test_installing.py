"""From the manifest to a shop whose token and keys we hold."""

import json
from typing import Any

import pytest
from django.test import Client

from cavaco_plugin.hosts.app import saleor_api
from cavaco_plugin.hosts.app.installation import operations as installations
from cavaco_plugin.hosts.app.installation.models import Installation
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer


def register(client: Client, saleor: SaleorServer, body: object = None, **headers: str) -> Any:
    return client.post(
        "/register/",
        data=body
        if isinstance(body, str)
        else json.dumps(body or {"auth_token": saleor.app_token}),
        content_type="application/json",
        headers={
            "Saleor-Api-Url": saleor.api_url,
            "Saleor-Domain": "shop.example",
            "Saleor-Schema-Version": "3.23",
            **headers,
        },
    )


def test_the_manifest_names_our_public_address_whatever_the_host_header(
    client: Client, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://messaging.shop.example/cavaco/"

    manifest = client.get("/manifest/", headers={"Host": "127.0.0.1"}).json()

    assert manifest["appUrl"] == "https://messaging.shop.example/cavaco/"
    assert manifest["tokenTargetUrl"] == "https://messaging.shop.example/cavaco/register/"
    assert {hook["targetUrl"] for hook in manifest["webhooks"]} == {
        "https://messaging.shop.example/cavaco/webhooks/saleor/"
    }


def test_the_manifest_never_asks_for_no_permission(client: Client) -> None:
    assert client.get("/manifest/").json()["permissions"] == [
        "MANAGE_USERS",
        "MANAGE_ORDERS",
        "MANAGE_CHECKOUTS",
        "MANAGE_PRODUCTS",
    ]


@pytest.mark.parametrize(
    ("version", "is_there"), [("3.21", False), ("3.22", False), ("3.23", True), ("", True)]
)
def test_a_saleor_is_not_asked_for_events_that_it_does_not_know(
    client: Client, version: str, is_there: bool
) -> None:
    manifest = client.get("/manifest/", headers={"Saleor-Schema-Version": version}).json()

    events = [event for hook in manifest["webhooks"] for event in hook["asyncEvents"]]
    assert ("CUSTOMER_DELETED" in events) == is_there
    assert len(events) == len(set(events))


def test_every_subscription_carries_its_fragments_once(client: Client) -> None:
    for hook in client.get("/manifest/").json()["webhooks"]:
        query = hook["query"]
        assert query.startswith("subscription ")
        assert "issuedAt" in query
        for name in ("Address", "Price"):
            assert query.count(f"fragment {name} on") == query.count(f"...{name}\n") > 0 or (
                query.count(f"fragment {name} on") <= 1
            )


def test_a_shop_that_was_named_is_taken_in(client: Client, saleor: SaleorServer, db: None) -> None:
    answer = register(client, saleor)

    assert (answer.status_code, answer.json()) == (200, {"success": True})
    installation = Installation.objects.get()
    assert installation.api_url == saleor.api_url
    assert installation.jwks == saleor.key_set()
    assert saleor.app_token not in installation.sealed_token
    assert installations.token_of(installation) == saleor.app_token


def test_installing_again_replaces_the_token(client: Client, shop: SaleorServer) -> None:
    installed_at = Installation.objects.get().installed_at

    assert register(client, shop).status_code == 200

    assert Installation.objects.get().installed_at == installed_at


@pytest.mark.parametrize(
    "api_url",
    [
        "",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:9/graphql/",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_was_not_named_is_never_called(
    client: Client, saleor: SaleorServer, db: None, api_url: str
) -> None:
    answer = register(client, saleor, **{"Saleor-Api-Url": api_url})

    assert answer.status_code == 403
    assert "is not among CAVACO_SALEOR_API_URLS" in answer.json()["error"]["message"]
    assert saleor.asked == []
    assert not Installation.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"auth_token": 7}', '{"auth_token": ""}'])
def test_a_registration_without_a_token_says_so(
    client: Client, saleor: SaleorServer, db: None, body: str
) -> None:
    answer = client.post(
        "/register/",
        data=body,
        content_type="application/json",
        headers={"Saleor-Api-Url": saleor.api_url},
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "auth_token: is missing; Saleor sends it as JSON."


def test_a_token_that_the_shop_does_not_know_is_refused(
    client: Client, saleor: SaleorServer, db: None
) -> None:
    answer = register(client, saleor, {"auth_token": "stolen"})

    assert answer.status_code == 401
    assert "does not know this token" in answer.json()["error"]["message"]
    assert not Installation.objects.exists()


def test_a_shop_that_can_not_be_reached_is_told(client: Client, settings: Any, db: None) -> None:
    settings.SALEOR_API_URLS = ["http://127.0.0.1:1/graphql/"]
    unreachable = SaleorServer(port=1)

    answer = register(client, unreachable)

    assert answer.status_code == 424
    assert "127.0.0.1:1/graphql/ did not answer" in answer.json()["error"]["message"]


def test_a_page_that_is_no_saleor_is_no_answer(saleor: SaleorServer) -> None:
    with pytest.raises(saleor_api.SaleorUnreachable, match="answered 404, not in JSON"):
        saleor_api.ask(api_url=f"{saleor.url}/elsewhere/", token="t", query="{x}", variables={})


def test_the_front_page_says_whether_the_app_is_installed(
    client: Client, saleor: SaleorServer, db: None
) -> None:
    assert b"waits to be installed" in client.get("/").content
    register(client, saleor)
    assert b"is installed" in client.get("/").content
