"""What an author is told before anybody is inside."""

from typing import Any

import pytest

from cavaco_plugin.flows import findings, library
from cavaco_plugin.flows.definition import parse
from tests.flows.step_cases import flow_of

MAIL = {"id": "mail", "type": "send_message", "template": "welcome_1", "channel": "email"}
DAY = {"id": "day", "type": "delay", "for": "P1D", "next": "mail"}


def _found(steps: list[dict[str, Any]], **fields: Any) -> list[tuple[str, str, str]]:
    templates = {"welcome_1": "email", "welcome_sms": "sms"}
    found = findings.check(definition=flow_of(steps, **fields), templates=templates)
    return [(finding.level, finding.code, finding.path) for finding in found]


def test_a_sound_flow_has_no_findings() -> None:
    assert _found([DAY, MAIL]) == []


@pytest.mark.parametrize(
    ("steps", "fields", "expected"),
    [
        ([DAY, MAIL, MAIL | {"next": "day"}], {}, ("error", "duplicate_id", "steps[1].id")),
        ([DAY | {"next": "gone"}], {}, ("error", "missing_target", "steps[0].next")),
        ([DAY, MAIL], {"start": "gone"}, ("error", "missing_target", "start")),
        ([MAIL | {"next": "mail"}], {}, ("error", "cycle_without_wait", "steps[0]")),
        (
            [MAIL, MAIL | {"id": "lost"}],
            {},
            ("warning", "unreachable", "steps[1]"),
        ),
        (
            [MAIL | {"template": "welcome_9"}],
            {},
            ("error", "missing_template", "steps[0].template"),
        ),
        (
            [MAIL | {"template": "welcome_sms"}],
            {},
            ("error", "wrong_channel", "steps[0].channel"),
        ),
        (
            [MAIL | {"expires_after": "PT2H"}],
            {},
            ("warning", "expires_overnight", "steps[0].expires_after"),
        ),
        ([MAIL], {"topic": ""}, ("error", "missing_topic", "topic")),
        ([MAIL], {"topic": "gossip"}, ("error", "unknown_topic", "topic")),
        ([MAIL], {"purpose": "transactional"}, ("error", "wrong_purpose", "purpose")),
        (
            [MAIL],
            {"goal": {"event": "order_placed"}},
            ("warning", "goal_never_possible", "goal"),
        ),
        (
            [DAY, MAIL],
            {"goal": {"event": "consent_granted"}},
            ("warning", "goal_never_possible", "goal"),
        ),
        (
            [DAY, MAIL],
            {"trigger": {"type": "checkout_abandoned"}},
            ("error", "missing_goal", "goal"),
        ),
    ],
)
def test_a_mistake_is_found_where_it_is(
    steps: list[dict[str, Any]], fields: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert expected in _found(steps, **fields)


def test_a_split_without_any_weight_and_with_a_name_twice_is_refused() -> None:
    branch = {"name": "a", "weight": 0, "next": "mail"}
    steps = [{"id": "ab", "type": "split", "branches": [branch, branch]}, MAIL]
    assert _found(steps) == [
        ("error", "weights_zero", "steps[0].branches"),
        ("error", "duplicate_branch", "steps[0].branches"),
    ]


def test_a_circle_with_a_wait_in_it_is_allowed() -> None:
    assert _found([DAY, MAIL | {"next": "day"}]) == []


def test_errors_come_before_warnings() -> None:
    found = _found([MAIL | {"template": "gone", "expires_after": "PT1H"}, MAIL | {"id": "lost"}])
    assert [level for level, _, _ in found] == ["error", "warning", "warning"]


@pytest.mark.parametrize("entry", library.entries(), ids=lambda entry: entry.key)
def test_a_shipped_flow_has_no_findings(entry: library.LibraryEntry) -> None:
    assert findings.check(definition=parse(entry.definition)) == ()


def test_the_shipped_flows_are_the_three_promised() -> None:
    assert [entry.key for entry in library.entries()] == [
        "abandoned_cart",
        "post_purchase",
        "welcome",
    ]
