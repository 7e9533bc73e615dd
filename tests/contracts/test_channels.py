"""Wrong settings of a provider are refused by field and remedy, and the stored ones stay."""

from typing import Any

import pytest

from cavaco_plugin.channels import configuration
from cavaco_plugin.channels.registry import UnknownProvider
from cavaco_plugin.channels.validation import WrongSettings, sentence
from tests.contracts.cases.channels import CASES, ENVIRONMENT
from tests.contracts.conftest import NOW
from tests.contracts.table import Bad, Refusal, assert_refused, rows


@rows(CASES)
def test_wrong_settings_are_refused(case: Bad, nothing_stored: None) -> None:
    channel, provider, values = case.given
    assert_refused(
        case,
        refusals(configuration.save, channel=channel, provider=provider, values=values, now=NOW),
    )


@rows(ENVIRONMENT)
def test_a_wrong_environment_is_refused(case: Bad, nothing_stored: None) -> None:
    channel, environ = case.given
    assert_refused(case, refusals(configuration.active, channel=channel, environ=environ))


@pytest.mark.parametrize("case", [case for case in CASES if case.field == "provider"])
def test_a_choice_that_is_none_is_refused(case: Bad, nothing_stored: None) -> None:
    channel, provider, _ = case.given
    assert_refused(
        case, refusals(configuration.choose, channel=channel, provider=provider, now=NOW)
    )


def refusals(operation: Any, **given: Any) -> list[Refusal]:
    try:
        operation(**given)
    except UnknownProvider as unknown:
        return [Refusal(None, "", str(unknown))]
    except WrongSettings as wrong:
        return [Refusal(each.field, each.code, sentence(each)) for each in wrong.findings]
    return []
