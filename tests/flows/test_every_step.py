"""Every registered step type is played by the cases in its data file."""

import inspect
from typing import Any

import pytest

from cavaco_plugin.flows.steps import STEP_TYPES
from cavaco_plugin.flows.steps.base import BaseStep
from tests.flows.step_cases import DATA, cases_of, every_case, play


@pytest.mark.parametrize("step_type", sorted(STEP_TYPES))
def test_a_step_type_has_cases_that_use_it(step_type: str) -> None:
    assert (DATA / f"{step_type}.json").exists(), f"write tests/flows/data/{step_type}.json"
    cases = cases_of(step_type)
    assert len(cases) >= 2
    assert all(any(step["type"] == step_type for step in case["steps"]) for case in cases)


def test_every_data_file_belongs_to_a_step_type() -> None:
    assert {file.stem for file in DATA.glob("*.json")} == set(STEP_TYPES)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{name}: {case['description']}") for name, case in every_case()]
)
def test_a_step_does_what_its_case_says(case: dict[str, Any]) -> None:
    assert play(case) == case["expect"]


@pytest.mark.parametrize("step_type", sorted(STEP_TYPES))
def test_a_step_type_is_one_word_everywhere(step_type: str) -> None:
    registered = STEP_TYPES[step_type]
    model: type[BaseStep] = registered.model
    assert model.model_fields["type"].annotation.__args__ == (step_type,)
    assert model.__module__.rpartition(".")[2] == step_type
    assert inspect.getmodule(registered.visit) is inspect.getmodule(model)
    assert model.waits == (registered.resume is not None)


@pytest.mark.parametrize(("step_type", "case"), list(every_case()))
def test_a_step_says_what_it_does(step_type: str, case: dict[str, Any]) -> None:
    for step in case["steps"]:
        sentence = STEP_TYPES[step["type"]].model.model_validate(step).sentence()
        assert sentence[0].isupper()
        assert sentence.endswith(".")
