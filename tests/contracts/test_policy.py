"""A policy that can not hold is refused by field and remedy, and the one in force stays."""

import pytest

from cavaco_plugin.policy import operations as policy
from cavaco_plugin.policy.definition import InvalidPolicy
from tests.contracts.cases.policy import CASES
from tests.contracts.conftest import NOW
from tests.contracts.table import Bad, Refusal, assert_refused, rows


@rows(CASES)
def test_a_policy_that_can_not_hold_is_refused(case: Bad, nothing_stored: None) -> None:
    with pytest.raises(InvalidPolicy) as refused:
        policy.publish(definition=case.given, now=NOW)
    told = [problem.partition(": ") for problem in refused.value.problems]
    assert_refused(case, [Refusal(field, "", said) for field, _, said in told])
