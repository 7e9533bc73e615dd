"""A delivery that is forged or can not be read is refused by status and words, and nothing is recorded."""

import json

import pytest
from django.test import Client

from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer
from tests.contracts.cases.webhooks import CASES, order
from tests.contracts.conftest import header_names
from tests.contracts.table import Bad, Refusal, assert_refused, rows, stored
from tests.hosts_app.conftest import install

DOOR = "/webhooks/saleor/"


@pytest.fixture(scope="module")
def saleor() -> SaleorServer:
    """It signs; nobody asks it anything."""
    return SaleorServer()


def post(visitor: Client, saleor: SaleorServer, payload: object, changed: dict[str, str]):
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers = {**header_names(saleor.headers_for(body)), **changed}
    return visitor.post(DOOR, data=body, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_the_delivery_that_the_table_varies_is_a_good_one(
    visitor: Client, saleor: SaleorServer
) -> None:
    install(saleor.api_url, saleor.key_set(), token="app")
    assert post(visitor, saleor, order(), {}).json() == {"recorded": 1}


@rows(CASES)
@pytest.mark.django_db
def test_a_bad_delivery_is_refused(case: Bad, visitor: Client, saleor: SaleorServer) -> None:
    install(saleor.api_url, saleor.key_set(), token="app")
    before = stored()
    answer = post(visitor, saleor, *case.given)
    told = answer.json().get("error", "") if answer.status_code < 500 else str(answer)
    assert_refused(case, [Refusal(None, answer.status_code, told)])
    assert stored() == before
