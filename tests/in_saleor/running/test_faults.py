"""The shop goes on whatever is wrong with us, and nothing is lost by it."""

import time
from contextlib import contextmanager

import psycopg
import pytest

# Hooks give up after 50 ms; a shopper must not notice more than that for each of a mutation's hooks.
LONGEST_MUTATION_SECONDS = 15


@contextmanager
def connected(database):
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@contextmanager
def tables_gone(database):
    """Every hook raises inside: the table it writes to does not exist."""
    with connected(database) as connection:
        connection.execute("ALTER TABLE cavaco_store_event RENAME TO cavaco_store_event_away")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE cavaco_store_event_away RENAME TO cavaco_store_event")


@contextmanager
def tables_locked(database):
    """Every hook would wait: somebody holds the table for himself."""
    with psycopg.connect(database) as connection:
        connection.execute("LOCK TABLE cavaco_store_event IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def known_orders(database):
    with connected(database) as connection:
        return {row[0] for row in connection.execute("SELECT shop_order_id FROM cavaco_order")}


@pytest.mark.parametrize("trouble", [tables_gone, tables_locked])
def test_every_mutation_succeeds_and_the_reconciler_finds_what_the_hooks_lost(
    trouble, shop, shopper, database, somebody, eventually
):
    with trouble(database):
        started = time.monotonic()
        checkout = shop.start_checkout(somebody, allows="email")
        shop.add_line(checkout["id"])
        order = shop.pay(checkout["id"])
        shop.fulfil(order)
        assert time.monotonic() - started < LONGEST_MUTATION_SECONDS
    order_id = shopper.database_id(order["id"])
    eventually(
        lambda: order_id in known_orders(database), seconds=240, saying="the order in our copies"
    )


def test_an_abandoned_cart_is_found_without_any_hook(
    shop, smtp, database, somebody, eventually, mails_to
):
    with tables_gone(database):
        shop.start_checkout(somebody, allows="email")
    eventually(lambda: mails_to(somebody), seconds=120, saying="the reminder, by the reconciler")


def test_with_the_broker_down_the_shop_sells_and_nothing_is_lost(
    saleor, shop, shopper, smtp, database, somebody, eventually, mails_to
):
    cut_off = saleor.beside(CELERY_BROKER_URL="redis://127.0.0.1:1/0")
    try:
        cut_off.start_server()
        storefront = shopper.Shop(cut_off.url)
        storefront.start_checkout(somebody, allows="email")
        eventually(lambda: mails_to(somebody), seconds=90, saying="the reminder")
    finally:
        cut_off.stop_all()
