"""A malformed flow is refused with a finding for each mistake."""

from typing import Any

import pytest

from cavaco_plugin.flows import definition
from cavaco_plugin.flows.finding import FlowRefused
from cavaco_plugin.flows.steps import STEP_TYPES
from tests.flows.step_cases import every_case, flow_of

DAY: dict[str, Any] = {"id": "day", "type": "delay", "for": "PT24H"}
RULE = {"fact": "orders.count", "operator": "at_least", "value": 1}
GOOD: dict[str, Any] = {
    "schema": 1,
    "name": "A flow",
    "trigger": {"type": "consent_granted"},
    "start": "day",
    "steps": [DAY],
}


def _ask(**changes: Any) -> dict[str, Any]:
    rule = RULE | changes
    return GOOD | {"steps": [{"id": "ask", "type": "condition", "rule": rule}]}


def _nested(depth: int) -> dict[str, Any]:
    rule: dict[str, Any] = RULE
    for _ in range(depth):
        rule = {"not": rule}
    return GOOD | {"steps": [{"id": "ask", "type": "condition", "rule": rule}]}


def _step(**changes: Any) -> dict[str, Any]:
    return GOOD | {"steps": [DAY | changes]}


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        ("no object", "wrong_type", ""),
        (GOOD | {"schema": 2}, "unknown_schema", "schema"),
        ({k: v for k, v in GOOD.items() if k != "schema"}, "required", "schema"),
        ({k: v for k, v in GOOD.items() if k != "name"}, "required", "name"),
        (GOOD | {"name": ""}, "out_of_range", "name"),
        (GOOD | {"colour": "red"}, "unknown_field", "colour"),
        (GOOD | {"topic": "News letter"}, "bad_name", "topic"),
        (GOOD | {"purpose": "spam"}, "unknown_value", "purpose"),
        (GOOD | {"start": "1st"}, "bad_name", "start"),
        (GOOD | {"steps": []}, "out_of_range", "steps"),
        (GOOD | {"steps": [7]}, "wrong_type", "steps[0]"),
        (GOOD | {"steps": [{"id": "a"}]}, "required", "steps[0]"),
        (_step(type="dely"), "unknown_type", "steps[0]"),
        (_step(id="A day"), "bad_name", "steps[0].id"),
        (_step(next=7), "wrong_type", "steps[0].next"),
        (_step(hours=3), "unknown_field", "steps[0].hours"),
        (_step(**{"for": "1h"}), "bad_duration", "steps[0].for"),
        (_step(**{"for": 3600}), "bad_duration", "steps[0].for"),
        (_step(**{"for": "P1M"}), "bad_duration", "steps[0].for"),
        (_step(**{"for": "PT0S"}), "bad_duration", "steps[0].for"),
        (_step(**{"for": "-PT1H"}), "bad_duration", "steps[0].for"),
        (_step(**{"for": "P99999D"}), "bad_duration", "steps[0].for"),
        (_step(until_local_time="25:00"), "bad_local_time", "steps[0].until_local_time"),
        (_step(until_local_time="10:00", **{"for": "PT90M"}), "bad_duration", "steps[0]"),
        (GOOD | {"steps": [{"id": "day", "type": "delay"}]}, "delay_source", "steps[0]"),
        (_step(until_date={"date": "2026-12-24"}), "delay_source", "steps[0]"),
        (_step(until_date={}), "delay_source", "steps[0].until_date"),
        (_step(until_date={"field": "moon"}), "unknown_field", "steps[0].until_date.field"),
        (_ask(fact="orders.coun"), "unknown_fact", "steps[0].rule.fact"),
        (_ask(operator="resembles"), "unknown_operator", "steps[0].rule"),
        (_ask(value="many"), "bad_value", "steps[0].rule"),
        (_ask(fact="checkout.total", value=50), "bad_value", "steps[0].rule"),
        (_ask(fact="reachable.sms", operator="is", value="yes"), "bad_value", "steps[0].rule"),
        (_ask(fact="person.country", operator="one_of", value=[]), "bad_value", "steps[0].rule"),
        (_nested(9), "rule_too_deep", "steps[0]"),
        (
            GOOD | {"steps": [{"id": "ask", "type": "condition", "rule": {}}]},
            "unknown_rule",
            "steps[0].rule",
        ),
        (
            GOOD
            | {"steps": [{"id": "w", "type": "wait_for_event", "event": "rain", "timeout": "P1D"}]},
            "unknown_value",
            "steps[0].event",
        ),
        (
            GOOD | {"steps": [{"id": "w", "type": "wait_for_event", "event": "order_placed"}]},
            "required",
            "steps[0].timeout",
        ),
        (
            GOOD | {"steps": [{"id": "s", "type": "split", "branches": []}]},
            "out_of_range",
            "steps[0].branches",
        ),
        (
            GOOD
            | {"steps": [{"id": "m", "type": "send_message", "template": "t", "channel": "fax"}]},
            "unknown_value",
            "steps[0].channel",
        ),
        (
            GOOD | {"steps": [{"id": "u", "type": "update_profile", "set": {}}]},
            "out_of_range",
            "steps[0].set",
        ),
        (GOOD | {"steps": [{"id": "e", "type": "exit"}]}, "required", "steps[0].reason"),
        (GOOD | {"trigger": {"type": "full_moon"}}, "unknown_type", "trigger"),
        (
            GOOD | {"trigger": {"type": "checkout_abandoned", "min_total": {"EUR": -1}}},
            "out_of_range",
            "trigger.min_total.EUR",
        ),
        (GOOD | {"goal": {"event": "rain"}}, "unknown_value", "goal.event"),
        (GOOD | {"reentry": {"mode": "after"}}, "reentry_length", "reentry"),
        (GOOD | {"reentry": {"mode": "once", "local_days": 3}}, "reentry_length", "reentry"),
    ],
)
def test_a_malformed_flow_is_refused_where_it_is_wrong(
    document: object, code: str, path: str
) -> None:
    with pytest.raises(FlowRefused) as refusal:
        definition.parse(document)
    findings = refusal.value.findings
    assert [(finding.code, finding.path) for finding in findings] == [(code, path)]
    assert findings[0].message.endswith(".")
    assert findings[0].remedy.endswith((".", "}"))


def test_every_mistake_is_told_at_once() -> None:
    answer = definition.read(GOOD | {"name": "", "steps": [DAY | {"for": "x"}, {"type": "exit"}]})
    assert isinstance(answer, tuple)
    assert [(finding.path, finding.code) for finding in answer] == [
        ("name", "out_of_range"),
        ("steps[0].for", "bad_duration"),
        ("steps[1].id", "required"),
        ("steps[1].reason", "required"),
    ]


def test_braces_in_an_authors_text_stay_what_they_are() -> None:
    answer = definition.read(GOOD | {"steps": [DAY | {"for": "{now}"}]})
    assert isinstance(answer, tuple)
    assert answer[0].message == "'{now}' is no duration."


@pytest.mark.parametrize(("_name", "case"), list(every_case()))
def test_a_definition_written_out_reads_the_same(_name: str, case: dict[str, Any]) -> None:
    flow = flow_of(case["steps"])
    assert definition.parse(definition.document_of(flow)) == flow


def test_two_spellings_of_one_flow_have_one_checksum() -> None:
    said = definition.checksum(definition.parse(GOOD | {"steps": [DAY | {"for": "P1D"}]}))
    assert definition.checksum(definition.parse(GOOD)) == said
    assert definition.checksum(definition.parse(GOOD | {"name": "Another"})) != said


def test_the_json_schema_names_every_step_type() -> None:
    mapping = definition.json_schema()["properties"]["steps"]["items"]["discriminator"]["mapping"]
    assert sorted(mapping) == sorted(STEP_TYPES)
