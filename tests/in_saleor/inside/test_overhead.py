"""The plugin adds a constant number of queries to a shopper's request, however large the cart."""

import graphene
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cavaco_plugin.models import StoreEvent

ADD = """
mutation($id: ID!, $lines: [CheckoutLineInput!]!) {
  checkoutLinesAdd(id: $id, lines: $lines) {
    checkout { id totalPrice { gross { amount } } }
    errors { field message }
  }
}
"""
OURS = "cavaco_"


def added(api_client, checkout, variants):
    """Our queries in one checkoutLinesAdd, and all of them."""
    lines = [
        {"variantId": graphene.Node.to_global_id("ProductVariant", variant.pk), "quantity": 1}
        for variant in variants
    ]
    checkout_id = graphene.Node.to_global_id("Checkout", checkout.pk)
    with CaptureQueriesContext(connection) as queries:
        body = api_client.post_graphql(ADD, {"id": checkout_id, "lines": lines}).json()
    assert body["data"]["checkoutLinesAdd"]["errors"] == []
    return [query for query in queries.captured_queries if OURS in query["sql"]], queries


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_adding_lines_costs_one_query_of_ours(cavaco, api_client, checkout, product_list, size):
    variants = [product.variants.first() for product in product_list][:size]
    ours, _ = added(api_client, checkout, variants)
    assert len(ours) == 1
    assert "INSERT INTO cavaco_store_event" in ours[0]["sql"]
    assert StoreEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_plugin_there_is_none(settings, api_client, checkout, product_list):
    settings.PLUGINS = []
    ours, _ = added(api_client, checkout, [product_list[0].variants.first()])
    assert ours == []
