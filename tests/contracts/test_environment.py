"""A wrong environment stops the app home at its start, with the variable and what to set it to."""

import runpy
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cavaco_plugin.hosts.app import settings
from tests.contracts.cases.environment import CASES
from tests.contracts.table import Bad, Refusal, assert_refused, rows

SETTINGS = str(Path(settings.__file__))


@rows(CASES)
def test_a_wrong_environment_stops_the_start(case: Bad, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in case.given.items():
        monkeypatch.setenv(name, value)
    refusals = []
    try:
        runpy.run_path(SETTINGS)
    except ImproperlyConfigured as refused:
        refusals = [Refusal(None, "", str(refused))]
    assert_refused(case, refusals)
