"""The commands an operator of the app home runs."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.flows.models import Enrolment, Flow
from cavaco_plugin.hosts import backfill, readiness
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store.models import CustomerCopy, OrderCopy
from tests.hosts_app.conftest import delivery
from tests.hosts_app.test_graphql import own_store  # noqa: F401
from tests.hosts_app.test_reconciling import order, put

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def run(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def known_shop(shop: SaleorServer) -> None:
    """Three orders of the last month and one customer."""
    put(shop, "orders", *(order(n, NOW - timedelta(days=30 - n)) for n in range(3)))
    user = json.loads(delivery("customer_updated")["body"])["user"]
    put(shop, "customers", user | {"updatedAt": (NOW - timedelta(days=9)).isoformat()})


def test_the_past_is_learnt_and_triggers_nothing(shop: SaleorServer) -> None:
    known_shop(shop)

    steps = list(backfill.run(days=60, clock=lambda: NOW))

    assert {step.kind: step.handled for step in steps} == {"customer": 1, "order": 3}
    assert OrderCopy.objects.filter(is_backfill=True).count() == 3
    assert CustomerCopy.objects.count() == 1
    assert StoreEvent.objects.filter(is_backfill=True, handled_at=None).count() == 0
    assert not Enrolment.objects.exists()


def test_a_second_run_goes_on_where_the_first_ended(shop: SaleorServer) -> None:
    known_shop(shop)
    list(backfill.run(days=60, clock=lambda: NOW))

    again = list(backfill.run(days=60, clock=lambda: NOW + timedelta(hours=1)))

    assert sum(step.handled for step in again) == 0
    assert StoreEvent.objects.count() == 4


def test_what_is_older_than_asked_for_is_left_out(shop: SaleorServer) -> None:
    known_shop(shop)

    list(backfill.run(days=29, clock=lambda: NOW))

    assert OrderCopy.objects.count() == 2


def test_what_changes_after_the_start_is_news_and_no_past(shop: SaleorServer) -> None:
    known_shop(shop)
    put(shop, "orders", order(9, NOW + timedelta(minutes=5)))

    list(backfill.run(days=60, clock=lambda: NOW))

    assert OrderCopy.objects.count() == 3


def test_setup_brings_the_library_in_and_says_what_is_missing(shop: SaleorServer) -> None:
    said = run("cavaco_setup", "--no-backfill")

    assert set(Flow.objects.values_list("key", "status")) == {
        ("abandoned_cart", "draft"),
        ("post_purchase", "draft"),
        ("welcome", "draft"),
    }
    assert "There is no sender e-mail." in said
    assert "Enter an address of your own domain." in said
    assert run("cavaco_setup", "--no-backfill").count("✓") == said.count("✓")


def test_setup_shows_how_far_the_past_is_learnt(shop: SaleorServer) -> None:
    known_shop(shop)

    said = run("cavaco_setup", "--days", "60")

    assert "Learning orders" in said
    assert Profile.objects.exists()


def test_what_is_missing_names_each_field_with_its_remedy(shop: SaleorServer) -> None:
    found = {finding.field: finding for finding in readiness.missing_to_send(checks_dns=False)}

    assert {"sender_email", "postal_address", "storefront_url", "cart_url"} <= set(found)
    assert all(finding.remedy for finding in found.values())


def test_the_shop_is_introduced_field_by_field(db: None, shop: SaleorServer) -> None:
    run("cavaco_shop", "name=Alder & Finch", "storefront_url=https://alderfinch.example/")
    said = json.loads(run("cavaco_shop", "postal_address=12 Mill Lane, Leeds"))

    assert said == {
        "name": "Alder & Finch",
        "storefront_url": "https://alderfinch.example/",
        "postal_address": "12 Mill Lane, Leeds",
    }
    assert json.loads(run("cavaco_shop", "postal_address=")) == {
        "name": "Alder & Finch",
        "storefront_url": "https://alderfinch.example/",
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("colour=green", "'green' is no colour. Write it as #1f6f5c."),
        ("storefront_url=shop.example", "is no web address"),
        ("nonsense=1", "nonsense: is not known. Use one of name, storefront_url"),
        ("name", "'name': write field=value. The fields are: name, storefront_url"),
    ],
)
def test_a_wrong_word_about_the_shop_is_named(db: None, given: str, said: str) -> None:
    with pytest.raises(CommandError, match=said.replace(".", r"\.")):
        run("cavaco_shop", given)


def test_the_app_home_is_not_uninstalled_by_the_plugins_command(db: Any) -> None:
    with pytest.raises(CommandError, match="drop the app's database"):
        run("cavaco_uninstall", "--yes")
