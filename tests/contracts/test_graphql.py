"""A bad question is answered with what is wrong with it: never with a 500, and nothing is changed."""

import json
from typing import Any

import pytest
from django.test import Client

from cavaco_plugin.api import access
from cavaco_plugin.hosts.app.requester import AppRequester
from tests.contracts.cases.graphql import BODIES, MUTATIONS, QUERIES
from tests.contracts.table import Bad, Refusal, assert_refused, rows

ANN = AppRequester("7", "ann@shop.example", frozenset({"MANAGE_USERS"}))


@pytest.fixture(autouse=True)
def staff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who may ask everything."""
    monkeypatch.setattr(access.home, "requester", lambda context: ANN)


def post(visitor: Client, body: bytes) -> Any:
    return visitor.post("/graphql/", data=body, content_type="application/json")


def ask(visitor: Client, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    answer = post(visitor, json.dumps({"query": query, "variables": variables}).encode())
    assert answer.status_code in (200, 400), answer.content
    return answer.json()


@rows(QUERIES)
def test_a_bad_query_is_refused(case: Bad, visitor: Client, nothing_stored: None) -> None:
    errors = ask(visitor, *case.given)["errors"]
    told = [(error["extensions"]["exception"]["code"], error["message"]) for error in errors]
    assert_refused(case, [Refusal(None, code, message) for code, message in told])


@rows(MUTATIONS)
def test_a_bad_mutation_is_refused(case: Bad, visitor: Client, nothing_stored: None) -> None:
    answer = ask(visitor, *case.given)
    assert "errors" not in answer
    ((_, payload),) = answer["data"].items()
    assert payload["flow"] is None
    errors = payload["errors"]
    assert_refused(case, [Refusal(e["field"], e["code"], e["message"]) for e in errors])


@rows(BODIES)
def test_a_body_that_is_no_question_is_refused(
    case: Bad, visitor: Client, nothing_stored: None
) -> None:
    answer = post(visitor, case.given)
    told = [error["message"] for error in answer.json()["errors"]]
    assert_refused(case, [Refusal(None, answer.status_code, message) for message in told])
