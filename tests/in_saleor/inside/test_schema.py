"""Our fields in Saleor's own schema."""

import pytest
from django.conf import settings
from saleor.graphql.api import schema
from saleor.graphql.query_cost_map import COST_MAP

FLOWS = "{ flows(first: 5) { totalCount edges { node { id key status } } } }"
TEMPLATES = "{ flowTemplates { key name description } }"
ACTIVATE = """
mutation($template: String) {
  flowActivate(template: $template) {
    flow { id key status activeVersion { number } }
    errors { field message code }
  }
}
"""
PAUSE = "mutation($id: ID!) { flowPause(id: $id) { flow { status } errors { field code } } }"
ENTRY_POINTS = ["flows", "flow", "flowTemplates", "messages", "message", "messagingProfile"]
STAFF_QUERIES = [
    FLOWS,
    TEMPLATES,
    '{ flow(key: "abandoned_cart") { id } }',
    "{ messages(first: 5) { edges { node { id } } } }",
    '{ message(id: "TWVzc2FnZTox") { id } }',
    '{ messagingProfile(email: "a@example.com") { id } }',
]


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_the_query_has_our_field_and_a_cost_for_it(name):
    assert name in schema.get_type("Query").fields
    assert name in COST_MAP["Query"]


def test_every_cost_of_ours_names_a_field_of_the_schema():
    for type_name, costs in COST_MAP.items():
        fields = schema.get_type(type_name).fields
        assert set(costs) <= set(fields), type_name


def test_nothing_of_saleors_is_missing():
    for name in ("products", "orders", "checkouts", "taxTypes", "_service", "_entities"):
        assert name in schema.get_type("Query").fields
    for name in ("checkoutCreate", "checkoutComplete", "fileUpload", "flowActivate", "flowPause"):
        assert name in schema.get_type("Mutation").fields
    assert "messagingProfile" in schema.get_type("User").fields


def test_introspection_is_cached_apart_from_a_saleor_without_us():
    assert "-cavaco" in getattr(settings, "GRAPHQL_CACHE_SUFFIX", "-cavaco")


@pytest.mark.parametrize("query", STAFF_QUERIES)
def test_a_customer_is_denied(user_api_client, query):
    body = user_api_client.post_graphql(query).json()
    assert body["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.parametrize("query", STAFF_QUERIES)
def test_nobody_is_denied(api_client, query):
    body = api_client.post_graphql(query).json()
    assert body["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.parametrize("query", STAFF_QUERIES)
def test_staff_without_the_permission_are_denied(staff_api_client, query):
    body = staff_api_client.post_graphql(query).json()
    assert body["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.parametrize("query", STAFF_QUERIES)
def test_staff_with_the_permission_get_an_answer(
    staff_api_client, permission_manage_messaging, query
):
    staff_api_client.user.user_permissions.add(permission_manage_messaging)
    body = staff_api_client.post_graphql(query).json()
    assert "errors" not in body


def test_an_app_with_the_permission_gets_an_answer(app_api_client, permission_manage_messaging):
    app_api_client.app.permissions.add(permission_manage_messaging)
    assert "errors" not in app_api_client.post_graphql(TEMPLATES).json()


def test_one_call_switches_a_shipped_flow_on_and_another_pauses_it(
    staff_api_client, permission_manage_messaging
):
    staff_api_client.user.user_permissions.add(permission_manage_messaging)
    payload = staff_api_client.post_graphql(ACTIVATE, {"template": "abandoned_cart"}).json()
    activated = payload["data"]["flowActivate"]
    assert activated["errors"] == []
    assert activated["flow"]["status"] == "ACTIVE"
    paused = staff_api_client.post_graphql(PAUSE, {"id": activated["flow"]["id"]}).json()
    assert paused["data"]["flowPause"] == {"flow": {"status": "PAUSED"}, "errors": []}


def test_an_unknown_template_is_an_error_beside_its_field(
    staff_api_client, permission_manage_messaging
):
    staff_api_client.user.user_permissions.add(permission_manage_messaging)
    payload = staff_api_client.post_graphql(ACTIVATE, {"template": "nothing"}).json()
    (error,) = payload["data"]["flowActivate"]["errors"]
    assert (error["field"], error["code"]) == ("template", "NOT_FOUND")
    assert "abandoned_cart" in error["message"]


def test_customers_see_their_own_profile_and_nobody_elses(user_api_client, staff_api_client):
    query = "{ me { id messagingProfile { language } } }"
    assert "errors" not in user_api_client.post_graphql(query).json()


def test_the_permission_is_offered_to_groups(staff_api_client, permission_manage_staff):
    staff_api_client.user.user_permissions.add(permission_manage_staff)
    body = staff_api_client.post_graphql("{ shop { permissions { code } } }").json()
    assert {"code": "MANAGE_MESSAGING"} in body["data"]["shop"]["permissions"]
