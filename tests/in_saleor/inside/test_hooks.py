"""What happens in a shopper's request."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from saleor.plugins.manager import get_plugins_manager
from saleor.plugins.models import PluginConfiguration

from cavaco_plugin.events import operations as events
from cavaco_plugin.models import StoreEvent


@pytest.fixture
def manager(cavaco):
    return get_plugins_manager(allow_replica=False)


def test_a_checkout_hook_writes_one_row(manager, checkout_with_item):
    manager.checkout_updated(checkout_with_item)
    event = StoreEvent.objects.get()
    assert (event.kind, event.subject_id) == ("checkout", str(checkout_with_item.token))
    assert event.occurred_at == checkout_with_item.last_change


def test_five_hooks_of_one_change_write_one_row(manager, order_with_lines):
    for hook in (
        manager.order_created,
        manager.order_confirmed,
        manager.order_fully_paid,
        manager.order_updated,
        manager.order_fulfilled,
    ):
        hook(order_with_lines)
    assert StoreEvent.objects.filter(kind="order").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_hook_makes_one_query(cavaco, checkout_with_item):
    manager = get_plugins_manager(allow_replica=False)
    manager.checkout_updated(checkout_with_item)  # loads the plugins
    checkout_with_item.last_change += timedelta(seconds=1)
    with CaptureQueriesContext(connection) as queries:
        manager.checkout_updated(checkout_with_item)
    assert len(queries) == 1
    assert StoreEvent.objects.count() == 2


def test_imported_orders_are_noted(manager, order_list):
    manager.order_bulk_created(order_list)
    assert StoreEvent.objects.count() == len(order_list)


def test_a_hook_never_raises(manager, checkout_with_item, monkeypatch):
    def explode(**kwargs):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(events, "record", explode)
    manager.checkout_updated(checkout_with_item)
    assert StoreEvent.objects.count() == 0


def test_an_inactive_plugin_writes_nothing(cavaco, checkout_with_item):
    PluginConfiguration.objects.create(identifier="cavaco", name="Cavaco", active=False)
    get_plugins_manager(allow_replica=False).checkout_updated(checkout_with_item)
    assert StoreEvent.objects.count() == 0


def test_a_missing_table_does_not_reach_the_shopper(manager, checkout_with_item):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cavaco_store_event RENAME TO cavaco_store_event_away")
    manager.checkout_updated(checkout_with_item)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cavaco_store_event_away RENAME TO cavaco_store_event")
    assert StoreEvent.objects.count() == 0
