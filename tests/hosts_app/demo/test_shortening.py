"""Flows whose hours are seconds keep their order and their meaning."""

import pytest

from cavaco_plugin.flows import library
from cavaco_plugin.flows.definition import parse
from cavaco_plugin.flows.durations import parse_duration
from cavaco_plugin.hosts.app.demo.shortening import seconds_for, shortened


@pytest.mark.parametrize("entry", library.entries(), ids=lambda entry: entry.key)
def test_a_shortened_flow_is_a_flow_with_the_same_steps(entry: library.LibraryEntry) -> None:
    short, whole = parse(shortened(entry.definition)), parse(entry.definition)

    assert [step.id for step in short.steps] == [step.id for step in whole.steps]
    assert short.reentry == whole.reentry
    assert short.topic == whole.topic


def test_the_librarys_own_definition_is_left_alone() -> None:
    entry = library.entries()[0]
    before = repr(entry.definition)

    shortened(entry.definition)

    assert repr(entry.definition) == before


def test_longer_waits_stay_longer() -> None:
    waits = ["PT1H", "PT4H", "PT24H", "PT48H", "P3D", "P10D"]

    seconds = [parse_duration(seconds_for(wait)).total_seconds() for wait in waits]

    assert seconds == [4, 9, 19, 22, 25, 32]


def test_an_offset_before_stays_before() -> None:
    assert seconds_for("-P1D") == "-PT19S"


def test_nobody_waits_for_ten_in_the_morning() -> None:
    step = {"id": "a", "type": "delay", "for": "P1D", "until_local_time": "10:00", "next": "b"}
    flow = {"trigger": {"type": "order_fulfilled"}, "steps": [step]}

    assert shortened(flow)["steps"] == [{"id": "a", "type": "delay", "for": "PT19S", "next": "b"}]
