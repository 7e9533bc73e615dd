"""Questions that GraphQL must not answer: `given` is the operation and its variables."""

import base64
from typing import Any

from tests.contracts.table import Bad


def gid(kind: str, key: object) -> str:
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


def flow(**by: Any) -> tuple[str, dict[str, Any]]:
    return "query Q($id: ID, $key: String) { flow(id: $id, key: $key) { key } }", by


def message(id: Any) -> tuple[str, dict[str, Any]]:
    return "query Q($id: ID!) { message(id: $id) { state } }", {"id": id}


def person(arguments: str) -> tuple[str, dict[str, Any]]:
    return f"{{ messagingProfile({arguments}) {{ language }} }}", {}


def messages(arguments: str) -> tuple[str, dict[str, Any]]:
    return f"{{ messages({arguments}) {{ edges {{ node {{ state }} }} }} }}", {}


def activate(arguments: str) -> tuple[str, dict[str, Any]]:
    text = f"flowActivate({arguments})" if arguments else "flowActivate"
    return f"mutation {{ {text} {{ flow {{ key }} errors {{ field message code }} }} }}", {}


def pause(arguments: str) -> tuple[str, dict[str, Any]]:
    return (
        f"mutation {{ flowPause({arguments}) {{ flow {{ key }} errors {{ field message code }} }} }}",
        {},
    )


G = "GraphQLError"

QUERIES = [
    # what, given, field, code, remedy
    Bad("nothing", ("", {}), "Syntax Error", G, "Unexpected EOF"),
    Bad("half a query", ("{ flows(first: 1) {", {}), "Syntax Error", G, "Expected Name"),
    Bad("unknown field", ("{ flows(first: 1) { nodes { key } } }", {}), "nodes", G, 'Cannot query field "nodes"'),
    Bad("unknown argument", ("{ flows(count: 1) { totalCount } }", {}), "count", G, 'Unknown argument "count"'),
    Bad("unknown operation", ("query A { flowTemplates { key } } query B { flowTemplates { key } }", {}), "operation name", G, "Must provide operation name"),
    Bad("variable of another type", ("query Q($n: Int!) { flows(first: $n) { totalCount } }", {"n": "ten"}), "variable", G, "does not fit its type"),
    Bad("no page size", ("{ flows { totalCount } }", {}), "`first`", G, "Provide either `first` or `last`"),
    Bad("two page sizes", ("{ flows(first: 1, last: 1) { totalCount } }", {}), "`last`", G, "Provide either `first` or `last`"),
    Bad("page of none", ("{ flows(first: 0) { totalCount } }", {}), "`first`", G, "ask for 1 to 100"),
    Bad("page of too many", messages("last: 101"), "`last`", G, "ask for 1 to 100"),
    Bad("page below none", messages("first: -1"), "`first`", G, "ask for 1 to 100"),
    Bad("cursor in words", messages('first: 1, after: "page two"'), "`after`", G, "take one from `pageInfo`"),
    Bad("cursor of no key", messages(f'first: 1, before: "{cursor("key:abc")}"'), "`before`", G, "take one from `pageInfo`"),
    Bad("cursor of another list", messages(f'first: 1, after: "{cursor("arrayconnection:3")}"'), "`after`", G, "take one from `pageInfo`"),
    Bad("cursor beyond all numbers", messages(f'first: 1, after: "{cursor("key:" + "9" * 30)}"'), "`after`", G, "take one from `pageInfo`"),
    Bad("id in words", flow(id="abandoned_cart"), "`id`", G, "must be the id of a Flow"),
    Bad("id of nothing", flow(id=""), "`id`", G, "must be the id of a Flow"),
    Bad("id of another type", flow(id=gid("Message", 1)), "`id`", G, "must be the id of a Flow, not of Message"),
    Bad("id of no key", flow(id=gid("Flow", "first")), "`id`", G, "must be the id of a Flow"),
    Bad("id beyond all numbers", flow(id=gid("Flow", "9" * 30)), "`id`", G, "must be the id of a Flow"),
    Bad("id with a NUL", flow(id="\x00"), "`id`", G, "must be the id of a Flow"),
    Bad("neither id nor key", flow(), "`id`", G, "Give exactly one of `id`, `key`"),
    Bad("both id and key", flow(id=gid("Flow", 1), key="welcome"), "`id`", G, "Give exactly one of `id`, `key`"),
    Bad("id that is null", flow(id=None), "`id`", G, "Give exactly one of `id`, `key`"),
    Bad("key with a NUL", flow(key="wel\x00come"), "`key`", G, "NUL"),
    Bad("message by number", message(5), "`id`", G, "must be the id of a Message"),
    Bad("message by an object", message({"n": 5}), "`id`", G, "must be the id of a Message"),
    Bad("person by nothing", ("{ messagingProfile { language } }", {}), "`email`", "required", "Give exactly one of `id`, `email`, `phone`"),
    Bad("person by two", person('email: "a@example.com", phone: "+447700900123"'), "`email`", "required", "Give exactly one of `id`, `email`, `phone`"),
    Bad("person by null", ("query Q($email: String) { messagingProfile(email: $email) { language } }", {"email": None}), "`email`", "required", "Give exactly one of `id`, `email`, `phone`"),
    Bad("person by a message's id", person(f'id: "{gid("Message", 1)}"'), "`id`", G, "must be the id of a MessagingProfile"),
    Bad("messages of an unknown state", messages("first: 1, filter: {states: [FLYING]}"), "states", G, "found FLYING"),
    Bad("messages of a flow in words", messages('first: 1, filter: {flow: "welcome"}'), "`flow`", G, "must be the id of a Flow"),
    Bad("messages of a person in words", messages('first: 1, filter: {profile: "Maya"}'), "`profile`", G, "must be the id of a MessagingProfile"),
    Bad("messages since a day in words", messages('first: 1, filter: {createdAfter: "yesterday"}'), "createdAfter", G, "DateTime"),
    Bad("messages since a time of no zone", messages('first: 1, filter: {createdAfter: "2026-11-21T12:00:00"}'), "`createdAfter`", G, "such as 2026-11-21T12:00:00Z"),
    Bad("messages by a channel with a NUL", messages(r'first: 1, filter: {channel: "e\u0000"}'), "`channel`", G, "NUL"),
    Bad("flows of an unknown status", ("{ flows(first: 1, status: ASLEEP) { totalCount } }", {}), "status", G, "ASLEEP"),
    Bad("query that costs too much", ("{ messages(first: 100) { edges { node { decisions { rule } attempts { code } events { kind } flow { counts { live } } } } } " + " ".join(f"a{n}: messages(first: 100) {{ edges {{ node {{ decisions {{ rule }} attempts {{ code }} }} }} }}" for n in range(80)) + " }", {}), "costs", G, "Ask for smaller pages"),
]  # fmt: skip

MUTATIONS = [
    Bad("activate nothing", activate(""), "id", "REQUIRED", "Give either `id` or `template`"),
    Bad("activate null", ("mutation M($id: ID) { flowActivate(id: $id) { flow { key } errors { field message code } } }", {"id": None}), "id", "REQUIRED", "Give either `id` or `template`"),
    Bad("activate two", activate(f'id: "{gid("Flow", 1)}", template: "welcome"'), "id", "REQUIRED", "Give either `id` or `template`"),
    Bad("activate an unknown template", activate('template: "poem"'), "template", "NOT_FOUND", "there are: abandoned_cart"),
    Bad("activate a template with a NUL", activate(r'template: "a\u0000"'), "template", "NOT_FOUND", "there are: abandoned_cart"),
    Bad("activate an id in words", activate('id: "welcome"'), "id", "GRAPHQL_ERROR", "must be the id of a Flow"),
    Bad("activate another type", activate(f'id: "{gid("Message", 1)}"'), "id", "GRAPHQL_ERROR", "must be the id of a Flow, not of Message"),
    Bad("activate a flow that is not there", activate(f'id: "{gid("Flow", 987654321)}"'), "id", "NOT_FOUND", "see `flows` for those there are"),
    Bad("activate beyond all numbers", activate(f'id: "{gid("Flow", "9" * 30)}"'), "id", "GRAPHQL_ERROR", "must be the id of a Flow"),
    Bad("pause an id in words", pause('id: "welcome"'), "id", "GRAPHQL_ERROR", "must be the id of a Flow"),
    Bad("pause a flow that is not there", pause(f'id: "{gid("Flow", 987654321)}"'), "id", "NOT_FOUND", "see `flows` for those there are"),
]  # fmt: skip

# `given` is the body as it is posted; the answer's status is the code.
BODIES = [
    Bad("no body", b"", "query", 400, "must be a JSON object with a `query`"),
    Bad("no JSON", b"{flows}", "query", 400, "must be a JSON object with a `query`"),
    Bad("a list", b"[]", "query", 400, "must be a JSON object with a `query`"),
    Bad("no query", b'{"variables": {}}', "query", 400, "must be a JSON object with a `query`"),
    Bad("query a number", b'{"query": 5}', "query", 400, "`query` must be text"),
    Bad("variables a list", b'{"query": "{a}", "variables": [1]}', "variables", 400, "`variables` an object"),
    Bad("operation name a number", b'{"query": "{ flowTemplates { key } }", "operationName": 5}', "`operationName`", 400, "`operationName` text"),
    Bad("no UTF-8", b'{"query": "\xff"}', "query", 400, "must be a JSON object with a `query`"),
    Bad("nested without a bottom", b"[" * 100_000, "query", 400, "must be a JSON object with a `query`"),
    Bad("query nested without a bottom", b'{"query": "' + b"{ flows " * 40_000 + b'"}', "nested", 400, "too deeply"),
    Bad("too large", b" " * 500_001, "body", 413, "larger than 500 kB"),
]  # fmt: skip
