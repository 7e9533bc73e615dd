"""Our own /graphql/: for whom, how much, and with which errors."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from graphql_relay import to_global_id

from cavaco_plugin.content import operations as content
from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows.models import Flow
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer
from cavaco_plugin.hosts.app.store import CopiedStore
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store import port
from tests.outbox import makers

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def own_store() -> Iterator[None]:
    former = list(port._stores)
    port.use(CopiedStore())
    yield
    port._stores[:] = former


@pytest.fixture
def ask(client: Client, shop: SaleorServer) -> Ask:
    """Ask as the shop's own app; as nobody with `token=""`."""

    def run(query: str, *, token: str | None = None, status: int = 200, **variables: Any) -> Any:
        answer = client.post(
            "/graphql/",
            data={"query": query, "variables": variables},
            content_type="application/json",
            headers={"Authorization-Bearer": shop.app_token if token is None else token},
        )
        assert answer.status_code == status, answer.content
        return answer.json()

    return run


def error_of(answer: dict[str, Any]) -> tuple[str, str]:
    [error] = answer["errors"]
    return error["extensions"]["exception"]["code"], error["message"]


@pytest.fixture
def library(db: None) -> None:
    content.ensure_library(now=makers.NOON)
    flows.ensure_library(now=makers.NOON)


PROTECTED = {
    "flows": "{ flows(first: 1) { edges { node { key } } } }",
    "flow": '{ flow(key: "welcome") { key } }',
    "flowTemplates": "{ flowTemplates { key } }",
    "messages": "{ messages(first: 1) { edges { node { id } } } }",
    "message": '{ message(id: "TWVzc2FnZTox") { id } }',
    "messagingProfile": '{ messagingProfile(email: "a@b.example") { id } }',
    "flowActivate": 'mutation { flowActivate(template: "welcome") { flow { key } } }',
    "flowPause": 'mutation { flowPause(id: "Rmxvdzox") { flow { key } } }',
}


@pytest.mark.parametrize("field", PROTECTED)
def test_nobody_may_ask_for(ask: Ask, field: str) -> None:
    code, message = error_of(ask(PROTECTED[field], token=""))

    assert code == "PermissionDenied"
    assert "MANAGE_MESSAGING" in message


@pytest.mark.parametrize("field", PROTECTED)
def test_an_app_without_the_permission_may_not_ask_for(
    ask: Ask, shop: SaleorServer, field: str
) -> None:
    shop.app_permissions = ["MANAGE_PRODUCTS"]

    assert error_of(ask(PROTECTED[field]))[0] == "PermissionDenied"


@pytest.mark.parametrize("field", PROTECTED)
def test_an_app_with_the_permission_may_ask_for(ask: Ask, library: None, field: str) -> None:
    assert "errors" not in ask(PROTECTED[field])


def test_the_schema_may_be_read_by_anybody(ask: Ask) -> None:
    from graphql import introspection_query

    answer = ask(introspection_query, token="")

    names = {one["name"] for one in answer["data"]["__schema"]["types"]}
    assert {"Flow", "Message", "MessagingProfile"} <= names


# Flows


def test_a_template_is_switched_on_by_one_call_and_paused_by_another(
    ask: Ask, library: None
) -> None:
    on = ask(
        'mutation { flowActivate(template: "abandoned_cart")'
        " { flow { id key status activeVersion { number } } errors { field code } } }"
    )["data"]["flowActivate"]

    assert on["errors"] == []
    assert on["flow"]["status"] == "ACTIVE"
    assert on["flow"]["activeVersion"] == {"number": 1}

    off = ask(
        "mutation($id: ID!) { flowPause(id: $id) { flow { status } errors { code } } }",
        id=on["flow"]["id"],
    )["data"]["flowPause"]

    assert off == {"flow": {"status": "PAUSED"}, "errors": []}
    assert Flow.objects.get(key="abandoned_cart").status == "paused"


@pytest.mark.parametrize(
    ("arguments", "field", "code"),
    [
        ("", None, "REQUIRED"),
        ('template: "welcome", id: "Rmxvdzox"', None, "REQUIRED"),
        ('template: "unheard_of"', "template", "NOT_FOUND"),
        ('id: "Rmxvdzo5OTk5"', "id", "NOT_FOUND"),
    ],
)
def test_a_flow_that_can_not_be_activated_says_why(
    ask: Ask, library: None, arguments: str, field: str | None, code: str
) -> None:
    given = f"({arguments})" if arguments else ""

    answer = ask(f"mutation {{ flowActivate{given} {{ errors {{ field code message }} }} }}")

    [error] = answer["data"]["flowActivate"]["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert error["message"]


def test_flows_are_filtered_by_their_status(ask: Ask, library: None) -> None:
    flows.activate(key="welcome", now=makers.NOON)
    query = "{ flows(first: 10, status: ACTIVE) { totalCount edges { node { key } } } }"

    assert ask(query)["data"]["flows"] == {
        "totalCount": 1,
        "edges": [{"node": {"key": "welcome"}}],
    }


def test_each_template_shows_the_flow_made_from_it(ask: Ask, library: None) -> None:
    answer = ask("{ flowTemplates { key name definition flow { key status } } }")

    found = {one["key"]: one for one in answer["data"]["flowTemplates"]}
    assert set(found) == {"abandoned_cart", "post_purchase", "welcome"}
    assert found["welcome"]["flow"] == {"key": "welcome", "status": "DRAFT"}
    assert found["welcome"]["definition"]["schema"] == 1


# Messages


@pytest.fixture
def five_messages(shop: SaleorServer) -> list[Message]:
    """Three to one person who agreed, two to one who did not."""
    agreed = makers.person(email="maya@example.com")
    silent = makers.person(email="tom@example.com", consents=False)
    wishes = [makers.wish(agreed) for _ in range(3)] + [makers.wish(silent) for _ in range(2)]
    return makers.admit(*wishes)


PAGE = """query($first: Int, $after: String, $last: Int, $before: String) {
  messages(first: $first, after: $after, last: $last, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { node { publicId } }
  }
}"""


def ids_of(answer: dict[str, Any]) -> list[str]:
    return [edge["node"]["publicId"] for edge in answer["data"]["messages"]["edges"]]


def test_pages_go_from_the_newest_to_the_oldest_and_back(
    ask: Ask, five_messages: list[Message]
) -> None:
    newest_first = [message.public_id for message in reversed(five_messages)]

    first = ask(PAGE, first=2)
    info = first["data"]["messages"]["pageInfo"]
    second = ask(PAGE, first=2, after=info["endCursor"])
    third = ask(PAGE, first=2, after=second["data"]["messages"]["pageInfo"]["endCursor"])
    back = ask(PAGE, last=2, before=third["data"]["messages"]["pageInfo"]["startCursor"])

    assert first["data"]["messages"]["totalCount"] == 5
    assert (info["hasNextPage"], info["hasPreviousPage"]) == (True, False)
    assert ids_of(first) + ids_of(second) + ids_of(third) == newest_first
    assert third["data"]["messages"]["pageInfo"]["hasNextPage"] is False
    assert ids_of(back) == ids_of(second)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "Provide either `first` or `last`"),
        ({"first": 1, "last": 1}, "Provide either `first` or `last`"),
        ({"first": 101}, "ask for 1 to 100 elements"),
        ({"first": 0}, "ask for 1 to 100 elements"),
        ({"first": 1, "after": "nonsense"}, "`after` is not a cursor of this connection"),
        ({"last": 1, "before": "a2V5OngK"}, "`before` is not a cursor of this connection"),
    ],
)
def test_a_page_that_can_not_be_given_says_why(
    ask: Ask, arguments: dict[str, Any], said: str
) -> None:
    code, message = error_of(ask(PAGE, **arguments))

    assert code == "GraphQLError"
    assert said in message


def test_a_message_tells_why_it_was_not_sent(ask: Ask, five_messages: list[Message]) -> None:
    answer = ask(
        """{ messages(first: 10, filter: {states: [DROPPED], reasons: ["no_consent"]}) {
             edges { node { reason state channel address
               decisions { stage verdict rule reason inputs } attempts { outcome } } } } }"""
    )

    [first, _] = [edge["node"] for edge in answer["data"]["messages"]["edges"]]
    assert (first["reason"], first["state"]) == ("no_consent", "DROPPED")
    assert first["attempts"] == []
    [decision] = first["decisions"]
    assert (decision["stage"], decision["verdict"], decision["rule"]) == (
        "admission",
        "drop",
        "consent",
    )


def test_messages_are_filtered_by_person(ask: Ask, five_messages: list[Message]) -> None:
    query = "query($p: ID!) { messages(first: 9, filter: {profile: $p}) { totalCount } }"
    profile_id = five_messages[0].profile_id

    answer = ask(query, p=to_global_id("MessagingProfile", profile_id))

    assert answer["data"]["messages"]["totalCount"] == 3


def test_an_id_of_another_type_is_named(ask: Ask) -> None:
    query = "query($p: ID!) { messages(first: 9, filter: {profile: $p}) { totalCount } }"

    code, message = error_of(ask(query, p=to_global_id("Flow", 1)))

    assert (code, message) == (
        "GraphQLError",
        "`profile` must be the id of a MessagingProfile, not of Flow.",
    )


@pytest.mark.parametrize("given", ["", "%%%", "Rmxvdw==", "TWVzc2FnZTp4"])
def test_a_malformed_id_is_refused(ask: Ask, given: str) -> None:
    query = "query($id: ID!) { message(id: $id) { id } }"

    assert "`id` must be the id of a Message" in error_of(ask(query, id=given))[1]


def test_one_message_is_found_by_its_id(ask: Ask, five_messages: list[Message]) -> None:
    message = five_messages[0]
    query = "query($id: ID!) { message(id: $id) { publicId template address } }"

    found = ask(query, id=to_global_id("Message", message.pk))["data"]["message"]

    assert found["publicId"] == message.public_id
    assert ask(query, id=to_global_id("Message", 10**9))["data"]["message"] is None


def test_a_page_of_messages_takes_a_fixed_number_of_queries(
    ask: Ask, five_messages: list[Message], django_assert_max_num_queries: Any
) -> None:
    query = """query($n: Int) { messages(first: $n) { edges { node {
        flow { key } decisions { rule } attempts { outcome } events { kind } } } } }"""
    ask(query, n=1)  # the shop's answer about the token is known from here on

    with django_assert_max_num_queries(5):
        ask(query, n=5)


# People


def test_a_person_is_found_by_address_with_what_they_allowed(
    ask: Ask, five_messages: list[Message]
) -> None:
    found = ask(
        """{ messagingProfile(email: "Maya@Example.com ") {
             firstName contactPoints { kind value }
             consents { channel topic state }
             messages(first: 2) { totalCount edges { node { publicId } } } } }"""
    )["data"]["messagingProfile"]

    assert found["firstName"] == "Maya"
    assert {"kind": "email", "value": "maya@example.com"} in found["contactPoints"]
    assert {"channel": "email", "topic": "cart_reminders", "state": "granted"} in found["consents"]
    assert found["messages"]["totalCount"] == 3


def test_staff_who_see_customers_see_the_person(
    ask: Ask, shop: SaleorServer, staff: dict[str, Any], five_messages: list[Message]
) -> None:
    query = '{ messagingProfile(email: "maya@example.com") { firstName } }'

    answer = ask(query, token=shop.token_for(staff))

    assert answer["data"]["messagingProfile"] == {"firstName": "Maya"}


@pytest.mark.parametrize("arguments", ["", '(email: "a@b.example", phone: "+4915123456789")'])
def test_a_person_is_asked_for_by_exactly_one_thing(ask: Ask, arguments: str) -> None:
    code, message = error_of(ask(f"{{ messagingProfile{arguments} {{ id }} }}"))

    assert (code, message) == ("required", "Give exactly one of `id`, `email`, `phone`.")


def test_nobody_known_is_null(ask: Ask) -> None:
    answer = ask('{ messagingProfile(email: "nobody@example.com") { id } }')

    assert answer["data"] == {"messagingProfile": None}
    assert not Profile.objects.exists()


# The endpoint


@pytest.mark.parametrize(
    "body", ["", "[]", "7", "{}", '{"query": 7}', '{"query": "{x}", "variables": []}', "[" * 9999]
)
def test_what_is_no_graphql_request_is_refused(client: Client, body: str) -> None:
    answer = client.post("/graphql/", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"]


def test_only_post_is_answered(client: Client) -> None:
    assert client.get("/graphql/").status_code == 405


def test_a_huge_request_is_refused(client: Client) -> None:
    for size in (600_000, 3_000_000):
        answer = client.post("/graphql/", data=b" " * size, content_type="application/json")
        assert answer.status_code == 413


def test_an_unknown_field_is_named_with_400(ask: Ask) -> None:
    code, message = error_of(ask("{ nonsense }", status=400))

    assert (code, message) == ("GraphQLError", 'Cannot query field "nonsense" on type "Query".')


def test_a_syntax_error_is_named_with_400(ask: Ask) -> None:
    assert error_of(ask("{ flows(", status=400))[0] == "GraphQLError"


def test_an_unknown_operation_is_named_with_400(client: Client, shop: SaleorServer) -> None:
    answer = client.post(
        "/graphql/",
        data={"query": "query A { __typename } query B { __typename }", "operationName": "C"},
        content_type="application/json",
    )

    assert answer.status_code == 400
    assert 'Unknown operation named "C"' in answer.json()["errors"][0]["message"]


def test_a_query_as_deep_as_the_schema_is_answered(ask: Ask) -> None:
    query = """{ messagingProfile(email: "a@b.example") { messages(first: 1) {
        edges { node { flow { activeVersion { id } } } } } } }"""

    assert "errors" not in ask(query)


def test_a_query_nested_beyond_all_sense_is_refused(ask: Ask) -> None:
    answer = ask("{" * 50_000, status=400)

    assert error_of(answer)[0] == "GraphQLError"


def test_a_query_that_costs_too_much_is_refused_before_it_runs(ask: Ask) -> None:
    aliases = " ".join(
        f'p{n}: messagingProfile(email: "a@b.example")'
        " { messages(first: 100) { edges { node { decisions { rule } attempts { code }"
        " events { kind } } } } }"
        for n in range(80)
    )

    code, message = error_of(ask(f"{{ {aliases} }}", status=400))

    assert code == "GraphQLError"
    assert message == "The query costs more than 20000. Ask for smaller pages."


def test_a_page_size_in_a_variable_is_weighed_too(ask: Ask) -> None:
    aliases = " ".join(
        f"m{n}: messages(first: $n) {{ edges {{ node {{ decisions {{ rule }} events {{ kind }} }} }} }}"
        for n in range(80)
    )
    query = f"query($n: Int) {{ {aliases} }}"

    assert "errors" not in ask(query, n=1)
    assert error_of(ask(query, n=100, status=400))[1].startswith("The query costs more than")


def test_many_fields_of_one_name_do_not_keep_the_server_busy(ask: Ask) -> None:
    """Comparing each with each is what the validation of a valid query would do."""
    answer = ask("{ " + "__typename " * 20_000 + "}", status=400)

    assert error_of(answer)[1] == "The query has more than 1000 fields. Ask in parts."


def test_what_fails_inside_tells_nothing_of_the_inside(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cavaco_plugin.flows import queries

    def fail(**_: Any) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(queries, "flows", fail)

    answer = ask("{ flows(first: 1) { totalCount } }")

    assert error_of(answer) == ("RuntimeError", "Internal Server Error")
    assert "hunter2" not in str(answer)
