"""Whose token it is, the shop says; and nobody else."""

from types import SimpleNamespace
from typing import Any

import pytest

from cavaco_plugin.api.access import MANAGE_MESSAGING, MANAGE_USERS
from cavaco_plugin.hosts.app import requester
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer
from cavaco_plugin.hosts.app.requester import NOBODY, requester_of


def bearing(token: str, header: str = "Authorization-Bearer") -> Any:
    value = token if header == "Authorization-Bearer" else f"Bearer {token}"
    return SimpleNamespace(headers={header: value})


@pytest.mark.parametrize("header", ["Authorization-Bearer", "Authorization"])
def test_a_staff_members_token_gives_their_rights(
    shop: SaleorServer, staff: dict, header: str
) -> None:
    who = requester_of(bearing(shop.token_for(staff), header))

    assert (who.user_id, who.name) == ("7", "ann@shop.example")
    assert who.has(MANAGE_MESSAGING)
    assert who.has(MANAGE_USERS)
    assert not who.has("MANAGE_PLUGINS")


def test_an_extensions_token_gives_no_more_than_it_was_given(
    shop: SaleorServer, staff: dict
) -> None:
    token = shop.token_for(staff, permissions=["MANAGE_ORDERS"])

    assert not requester_of(bearing(token)).has(MANAGE_MESSAGING)


def test_an_extensions_token_without_rights_gives_a_superuser_none(
    shop: SaleorServer, staff: dict
) -> None:
    assert requester_of(bearing(shop.token_for(staff, permissions=[]))).codes == frozenset()


def test_the_apps_own_token_gives_its_rights(shop: SaleorServer) -> None:
    who = requester_of(bearing(shop.app_token))

    assert (who.user_id, who.name) == ("", "Cavaco")
    assert who.has(MANAGE_MESSAGING)


def test_an_app_without_the_right_has_none(shop: SaleorServer) -> None:
    shop.app_permissions = ["MANAGE_PRODUCTS"]

    assert not requester_of(bearing(shop.app_token)).has(MANAGE_MESSAGING)


def test_a_customer_is_nobody_here(shop: SaleorServer, staff: dict) -> None:
    customer = staff | {"isStaff": False, "userPermissions": []}

    assert requester_of(bearing(shop.token_for(customer))) == NOBODY


def test_a_token_signed_by_another_key_is_never_shown_to_the_shop(
    shop: SaleorServer, staff: dict
) -> None:
    mallory = SaleorServer()
    mallory.key_id = shop.key_id

    assert requester_of(bearing(mallory.token_for(staff))) == NOBODY
    assert shop.asked == []


def test_a_token_that_has_expired_is_nobodys(shop: SaleorServer, staff: dict) -> None:
    assert requester_of(bearing(shop.token_for(staff, seconds=-1))) == NOBODY


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "x" * 9000, "é"])
def test_garbage_is_nobodys(shop: SaleorServer, token: str) -> None:
    assert requester_of(bearing(token)) == NOBODY


def test_without_a_shop_everybody_is_nobody(saleor: SaleorServer, db: None) -> None:
    assert requester_of(bearing(saleor.app_token)) == NOBODY


def test_an_answer_is_believed_for_a_minute_and_no_longer(
    shop: SaleorServer, staff: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = shop.token_for(staff)
    assert requester_of(bearing(token)).has(MANAGE_MESSAGING)
    staff["userPermissions"] = []

    assert requester_of(bearing(token)).has(MANAGE_MESSAGING)
    assert shop.asked == ["SignedInUser"]

    monkeypatch.setattr(requester, "BELIEVED_SECONDS", 0.0)
    requester._believed.clear()
    assert not requester_of(bearing(token)).has(MANAGE_MESSAGING)
