"""An event that can not be recorded is refused by field and remedy, and leaves no row."""

from typing import Any

from cavaco_plugin.events import operations as events
from tests.contracts.cases.events import CASES
from tests.contracts.conftest import NOW
from tests.contracts.table import Bad, Refusal, assert_refused, rows

GOOD: dict[str, Any] = {
    "source": "saleor",
    "kind": "order",
    "subject_id": "42",
    "updated_at": NOW,
    "now": NOW,
}


def test_the_event_that_the_table_varies_is_a_good_one(db: None) -> None:
    assert events.record(**GOOD)


@rows(CASES)
def test_an_event_that_can_not_be_recorded_is_refused(case: Bad, nothing_stored: None) -> None:
    refusals = []
    try:
        events.record(**{**GOOD, **case.given})
    except events.InvalidEvent as refused:
        field, _, message = str(refused).partition(": ")
        refusals = [Refusal(field, "", message)]
    assert_refused(case, refusals)
