"""What is no consent is refused by field and remedy, and no record is kept of it."""

from typing import Any

import pytest

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.statement import Statement
from tests.contracts.cases.consent import CASES
from tests.contracts.conftest import NOW
from tests.contracts.table import Bad, Refusal, assert_refused, rows, stored
from tests.outbox.makers import person

STATEMENT = {
    "source": "checkout",
    "key": "checkout:1",
    "occurred_at": NOW,
    "address": "maya@example.com",
}
GOOD: dict[str, dict[str, Any]] = {
    "grant": {"channel": "email", "topic": "newsletter"},
    "withdraw": {},
    "request_double_opt_in": {"channel": "email", "topics": ["newsletter"]},
    "suppress": {"channel": "email", "address": "maya@example.com", "reason": "manual"},
    "lift": {"channel": "email", "address": "maya@example.com", "reason": "manual", "by": "Ann"},
    "save_settings": {"values": {"opt_in_days": 7}},
}


@pytest.fixture
def maya(db: None) -> Any:
    return person(email="maya@example.com", consents=False)


def call(name: str, maya: Any, changes: dict[str, Any]) -> None:
    given = {**GOOD[name], **changes, "now": NOW}
    if name in ("grant", "withdraw", "request_double_opt_in"):
        given["statement"] = Statement(**{**STATEMENT, **changes.get("statement", {})})
        given.setdefault("profile_id", maya.pk)
    getattr(consent, name)(**given)


@pytest.mark.parametrize("name", GOOD)
def test_the_calls_that_the_table_varies_are_good_ones(name: str, maya: Any) -> None:
    call(name, maya, {})


@rows(CASES)
def test_what_is_no_consent_is_refused(case: Bad, maya: Any) -> None:
    before, answers = stored(), []
    try:
        call(case.given[0], maya, case.given[1])
    except (ValueError, LookupError) as refused:
        answers = [Refusal(None, "", str(refused))]
    assert_refused(case, answers)
    assert stored() == before
