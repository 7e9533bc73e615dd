"""Publishing, activating and pausing flows."""

import pytest

from cavaco_plugin.content.models import Template
from cavaco_plugin.flows import library, operations, queries
from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.finding import FlowRefused
from cavaco_plugin.flows.models import Enrolment, Flow, FlowVersion, Timer
from tests.flows.makers import (
    DAY,
    HOUR,
    NINE,
    agrees,
    asked,
    fire,
    only_run,
    own_flow,
    person,
    switched_on,
    templates,
)

pytestmark = pytest.mark.django_db
STEPS = [
    {"id": "day", "type": "delay", "for": "P1D", "next": "mail"},
    {"id": "mail", "type": "send_message", "template": "welcome_1", "channel": "email"},
]
DEFINITION = {
    "schema": 1,
    "name": "Hello",
    "topic": "newsletter",
    "trigger": {"type": "consent_granted"},
    "start": "day",
    "steps": STEPS,
}


def test_the_same_definition_published_twice_is_one_version() -> None:
    templates()
    first = operations.publish(key="hello", definition=DEFINITION, now=NINE)
    spelled = DEFINITION | {"steps": [STEPS[0] | {"for": "PT24H"}, STEPS[1]]}
    again = operations.publish(key="hello", definition=spelled, now=NINE + HOUR)
    other = operations.publish(key="hello", definition=DEFINITION | {"name": "Hi"}, now=NINE)
    back = operations.publish(key="hello", definition=DEFINITION, now=NINE + DAY)
    assert again == first
    assert [version.number for version in (first, other, back)] == [1, 2, 3]
    flow = Flow.objects.get(key="hello")
    assert (flow.status, flow.active_version, flow.activated_at) == ("draft", back, None)


def test_a_flow_with_errors_is_refused_with_all_of_them_and_nothing_is_written() -> None:
    templates()
    steps = [STEPS[0] | {"next": "gone"}, STEPS[1] | {"template": "welcome_9"}]
    with pytest.raises(FlowRefused) as refusal:
        operations.publish(key="hello", definition=DEFINITION | {"steps": steps}, now=NINE)
    assert [finding.code for finding in refusal.value.findings] == [
        "missing_target",
        "missing_template",
    ]
    assert not Flow.objects.exists()


def test_people_inside_finish_on_the_version_they_entered_with() -> None:
    own_flow("hello", STEPS)
    operations.take(changes=[agrees(person(), at=NINE)], now=NINE)
    renamed = DEFINITION | {"steps": [STEPS[0], STEPS[1] | {"template": "welcome_2"}]}
    operations.publish(key="hello", definition=renamed, now=NINE + HOUR)
    operations.take(changes=[agrees(person(), at=NINE + HOUR)], now=NINE + HOUR)
    fire(NINE + 2 * DAY)
    assert asked() == ["welcome_1", "welcome_2"]
    numbers = Enrolment.objects.order_by("id").values_list("version__number", flat=True)
    assert list(numbers) == [1, 2]


def test_a_flow_without_a_version_can_not_be_activated() -> None:
    flow = Flow.objects.create(key="empty", name="Empty", created_at=NINE, updated_at=NINE)
    with pytest.raises(FlowRefused, match="has no published version"):
        operations.activate(flow_id=flow.pk, now=NINE)


def test_a_flow_whose_template_went_away_can_not_be_activated() -> None:
    templates()
    operations.publish(key="hello", definition=DEFINITION, now=NINE)
    Template.objects.filter(key="welcome_1").update(active_version=None)
    with pytest.raises(FlowRefused, match="There is no template 'welcome_1'"):
        operations.activate(key="hello", now=NINE)


def test_a_flow_nobody_knows_is_named() -> None:
    for call in (operations.activate, operations.pause):
        with pytest.raises(operations.UnknownFlow, match="There is no flow 'nope'"):
            call(key="nope", now=NINE)
    with pytest.raises(operations.UnknownFlow, match="abandoned_cart, post_purchase, welcome"):
        operations.activate_template(key="nope", now=NINE)


def test_activating_twice_keeps_the_first_moment() -> None:
    flow = own_flow("hello", STEPS, at=NINE)
    again = operations.activate(flow_id=flow.pk, now=NINE + DAY)
    assert again.activated_at == NINE


def test_a_paused_flow_lets_nobody_in_and_moves_nobody_until_it_goes_on() -> None:
    own_flow("hello", STEPS)
    operations.take(changes=[agrees(person(), at=NINE)], now=NINE)
    operations.pause(key="hello", now=NINE + HOUR)
    operations.take(changes=[agrees(person(), at=NINE + 2 * HOUR)], now=NINE + 2 * HOUR)
    fire(NINE + DAY)
    assert only_run().state == "live"
    assert asked() == []
    operations.activate(key="hello", now=NINE + DAY + HOUR)
    assert Timer.objects.get().due_at == NINE + DAY
    fire(NINE + DAY + HOUR)
    assert asked() == ["welcome_1"]


def test_what_happened_while_a_flow_was_paused_lets_nobody_in_afterwards() -> None:
    own_flow("hello", STEPS)
    operations.pause(key="hello", now=NINE)
    operations.activate(key="hello", now=NINE + DAY)
    operations.take(changes=[agrees(person(), at=NINE + HOUR)], now=NINE + DAY)
    assert not Enrolment.objects.exists()


def test_the_library_comes_in_switched_off_and_once() -> None:
    templates()
    operations.ensure_library(now=NINE)
    operations.ensure_library(now=NINE + DAY)
    rows = Flow.objects.order_by("key").values_list("key", "template_key", "status")
    assert list(rows) == [
        ("abandoned_cart", "abandoned_cart", "draft"),
        ("post_purchase", "post_purchase", "draft"),
        ("welcome", "welcome", "draft"),
    ]
    assert FlowVersion.objects.count() == 3


def test_a_release_brings_a_flow_up_to_date_only_while_the_shop_left_it_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    templates()
    operations.ensure_library(now=NINE)
    own = next(entry.definition for entry in library.entries() if entry.key == "welcome")
    operations.publish(key="welcome", definition=own | {"name": "Hello there"}, now=NINE)
    shipped = [
        library.LibraryEntry(e.key, e.name, e.description, e.definition | {"description": "New."})
        for e in library.entries()
    ]
    monkeypatch.setattr(library, "entries", lambda: tuple(shipped))
    operations.ensure_library(now=NINE + DAY)
    rows = Flow.objects.order_by("key").values_list("key", "active_version__number")
    assert list(rows) == [("abandoned_cart", 2), ("post_purchase", 2), ("welcome", 2)]
    assert Flow.objects.get(key="welcome").name == "Hello there"


@pytest.mark.slow
def test_one_call_switches_a_shipped_flow_on_templates_and_all() -> None:
    flow = operations.activate_template(key="welcome", now=NINE)
    assert (flow.status, flow.activated_at) == ("active", NINE)
    assert Template.objects.get(key="welcome_1").active_version is not None
    operations.take(changes=[agrees(person(), at=NINE)], now=NINE)
    assert asked() == ["welcome_1"]


def test_somebody_can_be_let_in_by_hand_but_not_twice() -> None:
    flow, maya = own_flow("hello", STEPS), person()
    entry = Entry(key="by hand", profile_id=maya.pk, triggered_at=NINE, at=NINE)
    assert operations.enrol(flow_id=flow.pk, entry=entry, now=NINE)
    assert not operations.enrol(flow_id=flow.pk, entry=entry, now=NINE)
    operations.pause(key="hello", now=NINE)
    with pytest.raises(operations.UnknownFlow, match="activate it first"):
        operations.enrol(flow_id=flow.pk, entry=entry, now=NINE)


def test_people_are_counted_where_they_are() -> None:
    flow = switched_on("welcome")
    for _ in range(2):
        operations.take(changes=[agrees(person(), at=NINE)], now=NINE)
    assert queries.counts_of(flow=flow) == {"live": 2, "entered": 2, "goal": 0}
    assert queries.live_by_step(flow=flow) == {"three_days": 2}


def test_a_run_that_can_not_go_on_fails_with_a_text() -> None:
    again = {"id": "again", "type": "delay", "until_date": {"field": "entered_at"}, "next": "again"}
    own_flow("circle", [again])
    operations.take(changes=[agrees(person(), at=NINE)], now=NINE)
    run = only_run()
    assert (run.state, run.reason) == ("failed", "step_limit")
    last = queries.path_of(enrolment_id=run.pk).last()
    assert last is not None
    assert last.detail["text"] == "200 steps without a wait: put a delay into the circle."
