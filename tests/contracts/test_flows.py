"""A malformed flow is refused by place, code and remedy, and no version of it is kept."""

import pytest

from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows.finding import FlowRefused
from cavaco_plugin.flows.models import Flow
from tests.contracts.cases.flows import CASES, GOOD, KEYS
from tests.contracts.conftest import NOW
from tests.contracts.table import Bad, Refusal, assert_refused, rows


def publish(key: str, definition: object) -> list[Refusal]:
    try:
        flows.publish(key=key, definition=definition, now=NOW)
    except FlowRefused as refused:
        return [Refusal(found.path, found.code, str(found)) for found in refused.findings]
    return []


@pytest.mark.django_db
def test_the_flow_that_the_table_varies_is_a_good_one(templates: None) -> None:
    assert publish("come_back", GOOD) == []
    assert Flow.objects.get().active_version.number == 1


@rows(CASES)
def test_a_malformed_flow_is_refused(case: Bad, templates: None, nothing_stored: None) -> None:
    assert_refused(case, publish("come_back", case.given))


@rows(KEYS)
def test_a_malformed_key_is_refused(case: Bad, templates: None, nothing_stored: None) -> None:
    assert_refused(case, publish(case.given, GOOD))
