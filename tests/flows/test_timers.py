"""The clock: each due timer once, stale ones quietly, in a fixed number of queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cavaco_plugin.content.models import Template
from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows import timers
from cavaco_plugin.flows.definition import parse
from cavaco_plugin.flows.dry_runs import dry_run_for
from cavaco_plugin.flows.models import Enrolment, Flow, PathEntry, Timer
from cavaco_plugin.flows.watermark import BEGINNING, Watermark
from cavaco_plugin.profiles.models import Profile
from tests.flows.makers import DAY, HOUR, NINE, agrees, asked, fire, only_run, own_flow, person

pytestmark = pytest.mark.django_db
MAIL = {"id": "mail", "type": "send_message", "template": "welcome_1", "channel": "email"}
STEPS: list[dict[str, Any]] = [
    {"id": "day", "type": "delay", "for": "P1D", "next": "ask"},
    {
        "id": "ask",
        "type": "condition",
        "rule": {
            "all": [
                {"fact": "reachable.email", "operator": "is", "value": True},
                {"fact": "person.country", "operator": "is", "value": "GB"},
            ]
        },
        "then": "mail",
    },
    MAIL | {"next": "next_day"},
    {"id": "next_day", "type": "delay", "for": "P1D"},
]


def _inside(count: int, steps: list[dict[str, Any]] = STEPS) -> Flow:
    flow = own_flow("hello", steps)
    for _ in range(count):
        flows.take(changes=[agrees(person(), at=NINE)], now=NINE)
    return flow


def test_a_stale_timer_goes_quietly() -> None:
    _inside(1)
    Timer.objects.update(revision=99)
    assert fire(NINE + DAY) == 1
    assert (only_run().state, only_run().revision) == ("live", 1)
    assert not Timer.objects.exists()


def test_a_timer_of_an_ended_run_goes_quietly() -> None:
    _inside(1)
    Enrolment.objects.update(state="exited", live_key=None)
    assert fire(NINE + DAY) == 1
    assert only_run().revision == 1
    assert not Timer.objects.exists()


def test_a_timer_of_a_run_that_is_gone_goes_quietly() -> None:
    _inside(1)
    PathEntry.objects.all().delete()
    Enrolment.objects.all().delete()
    assert fire(NINE + DAY) == 1
    assert not Timer.objects.exists()


def test_who_was_erased_meanwhile_gets_nothing() -> None:
    _inside(1)
    Profile.objects.update(erased_at=NINE)
    fire(NINE + DAY)
    assert (only_run().state, only_run().reason) == ("exited", "erased")
    assert asked() == []


def test_a_hundred_people_take_as_many_queries_as_one() -> None:
    _inside(1)
    with CaptureQueriesContext(
        connection,
    ) as alone:
        fire(NINE + DAY)
    for _ in range(40):
        flows.take(changes=[agrees(person(), at=NINE)], now=NINE)
    with CaptureQueriesContext(connection) as together:
        assert fire(NINE + DAY + HOUR) == 40
    assert len(asked()) == 41
    assert len(together) == len(alone)


def test_no_more_fire_than_asked_for_and_the_longest_due_go_first() -> None:
    _inside(3)
    first = Timer.objects.order_by("id").first()
    assert first is not None
    Timer.objects.filter(pk=first.pk).update(due_at=NINE + DAY + HOUR)
    assert timers.fire_due(now=NINE + 2 * DAY, limit=2) == 2
    assert len(asked()) == 2
    first.refresh_from_db()
    assert first.revision == 1


def test_one_person_whose_message_can_not_be_made_holds_up_nobody_else() -> None:
    _inside(2)
    own_flow("bad", [STEPS[0] | {"next": "mail"}, MAIL | {"template": "welcome_2"}])
    flows.take(changes=[agrees(person(), at=NINE - HOUR)], now=NINE)
    flows.pause(key="hello", now=NINE)
    flows.activate(key="hello", now=NINE)
    Template.objects.filter(key="welcome_2").update(active_version=None)
    assert fire(NINE + DAY) == 4
    assert asked() == ["welcome_1", "welcome_1", "welcome_1"]
    stuck = Timer.objects.get(flow__key="bad")
    assert stuck.due_at == NINE + DAY + timedelta(minutes=10)
    stuck_run = Enrolment.objects.get(flow__key="bad")
    assert (stuck_run.state, stuck_run.step_id) == ("live", "day")


def test_the_path_tells_each_decision_with_its_inputs() -> None:
    _inside(1)
    fire(NINE + DAY)
    rows = PathEntry.objects.order_by("id").values_list("step_id", "action", "revision", "detail")
    day = NINE + DAY
    assert list(rows) == [
        ("day", "wait", 1, {"until": day.isoformat()}),
        ("ask", "yes", 2, {"facts": {"reachable.email": True, "person.country": "GB"}}),
        (
            "mail",
            "send",
            2,
            {"template": "welcome_1", "channel": "email", "due": day.isoformat()},
        ),
        ("next_day", "wait", 2, {"until": (day + DAY).isoformat()}),
    ]


def test_a_trait_the_flow_sets_is_the_persons_from_then_on() -> None:
    mark = {"id": "mark", "type": "update_profile", "set": {"tier": "gold"}, "next": "ask"}
    rule = {"fact": "person.traits.tier", "operator": "is", "value": "gold"}
    ask = {"id": "ask", "type": "condition", "rule": rule, "then": "mail"}
    own_flow("hello", [mark, ask, MAIL])
    maya = person()
    flows.take(changes=[agrees(maya, at=NINE)], now=NINE)
    maya.refresh_from_db()
    assert maya.traits == {"tier": "gold"}
    assert asked() == ["welcome_1"]


def test_a_dry_run_reads_the_persons_facts_and_writes_nothing() -> None:
    maya = person(country="DE")
    flow = own_flow("hello", STEPS)
    assert flow.active_version is not None
    with CaptureQueriesContext(connection) as queries:
        played = dry_run_for(
            profile=maya,
            flow_key="hello",
            definition=parse(flow.active_version.definition),
            subject={},
            now=NINE,
        )
    assert all(query["sql"].startswith("SELECT") for query in queries)
    asked_for = next(line for line in played.lines if line.step_id == "ask")
    assert asked_for.inputs == {"facts": {"reachable.email": True, "person.country": "DE"}}
    assert (asked_for.action, asked_for.at) == ("no", NINE + DAY)


def test_the_watermark_reads_on_and_now_and_then_from_the_beginning() -> None:
    mark = Watermark()
    assert mark.start(now=NINE) == BEGINNING
    mark.move(to=NINE - HOUR)
    second = timedelta(seconds=1)
    assert mark.start(now=NINE + second) == NINE - HOUR
    mark.move(to=NINE - 2 * HOUR)
    assert mark.start(now=NINE + 4 * second) == NINE - HOUR
    assert mark.start(now=NINE + 5 * second) == BEGINNING
    # A clock that was set back.
    assert mark.start(now=NINE - DAY) == BEGINNING


def test_a_timer_set_late_behind_the_watermark_is_found_within_seconds() -> None:
    flow = _inside(1)
    fire(NINE + DAY)
    flows.take(changes=[agrees(person(), at=NINE)], now=NINE)
    Timer.objects.filter(flow=flow).update(due_at=NINE + HOUR)
    assert fire(NINE + DAY + timedelta(seconds=6)) >= 1
