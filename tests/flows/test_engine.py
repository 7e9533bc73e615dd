"""What holds for every flow, however its author draws it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cavaco_plugin.flows.effects import End, SendMessage, SetTimer
from cavaco_plugin.flows.engine import MOST_STEPS_AT_ONCE, MOST_VISITS, Advance, advance
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import (
    Cancelled,
    Entered,
    EventArrived,
    GoalReached,
    Run,
    RunState,
    Stimulus,
    TimerFired,
)
from tests.flows.step_cases import flow_of

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
IDS = [f"s{number}" for number in range(6)]
targets = st.sampled_from([*IDS, "nowhere", None])
texts = st.sampled_from(["PT1S", "PT1H", "P3D"])


def _step(step_id: str) -> st.SearchStrategy[dict[str, Any]]:
    rule = {"fact": "person.country", "operator": "is", "value": "DE"}
    return st.one_of(
        st.builds(lambda f, n: {"type": "delay", "for": f, "next": n}, texts, targets),
        st.builds(lambda n: {"type": "delay", "until_local_time": "10:00", "next": n}, targets),
        st.builds(
            lambda t, e: {"type": "condition", "rule": rule, "then": t, "else": e}, targets, targets
        ),
        st.builds(
            lambda f, t, e: {
                "type": "wait_for_event",
                "event": "order_placed",
                "timeout": f,
                "then": t,
                "else": e,
            },
            texts,
            targets,
            targets,
        ),
        st.builds(
            lambda n: {"type": "send_message", "template": "t", "channel": "email", "next": n},
            targets,
        ),
        st.builds(
            lambda a, b, w: {
                "type": "split",
                "branches": [
                    {"name": "a", "weight": w, "next": a},
                    {"name": "b", "weight": 1, "next": b},
                ],
            },
            targets,
            targets,
            st.integers(0, 3),
        ),
        st.just({"type": "exit", "reason": "out"}),
    ).map(lambda step: {"id": step_id} | step)


flows = st.tuples(*map(_step, IDS)).map(lambda steps: flow_of(list(steps)))
people = st.builds(
    Facts,
    person_key=st.text(max_size=5),
    time_zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "nonsense"]),
    values=st.sampled_from([{}, {"person.country": "DE"}]),
)
stimuli: st.SearchStrategy[Stimulus] = st.one_of(
    st.builds(TimerFired, st.integers(0, 5)),
    st.builds(EventArrived, st.sampled_from(["order_placed", "order_fulfilled"])),
    st.just(GoalReached("converted")),
    st.just(Cancelled("checkout_gone")),
    st.just(Entered(NOW)),
)


def _play(
    definition: Any, facts: Facts, happenings: list[Stimulus]
) -> list[tuple[Run, Stimulus, Advance]]:
    run, now, told = Run(triggered_at=NOW, entered_at=NOW), NOW, []
    for stimulus in [Entered(NOW), *happenings]:
        moved = advance(definition=definition, run=run, stimulus=stimulus, facts=facts, now=now)
        told.append((run, stimulus, moved))
        run, now = moved.run, max(now, moved.run.due_at or now)
    return told


@settings(max_examples=300, deadline=None)
@given(flows, people, st.lists(stimuli, max_size=12))
def test_a_run_rests_or_ends_after_every_stimulus(
    definition: Any, facts: Facts, happenings: list[Stimulus]
) -> None:
    for before, _, moved in _play(definition, facts, happenings):
        assert len(moved.trace) <= MOST_STEPS_AT_ONCE + 1
        if moved.has_moved:
            assert moved.run.revision == before.revision + 1
            timers = [e for e in moved.effects if isinstance(e, SetTimer)]
            ends = [e for e in moved.effects if isinstance(e, End)]
            assert len(timers) + len(ends) == 1
            assert bool(timers) == moved.run.is_live
            if timers:
                assert (timers[0].due_at, timers[0].revision) == (
                    moved.run.due_at,
                    moved.run.revision,
                )
                assert definition.by_id[moved.run.step_id].waits


@settings(max_examples=300, deadline=None)
@given(flows, people, st.lists(stimuli, max_size=12))
def test_an_ended_run_never_moves_again(
    definition: Any, facts: Facts, happenings: list[Stimulus]
) -> None:
    for before, _, moved in _play(definition, facts, happenings):
        if not before.is_live:
            assert moved == Advance(before)


@settings(max_examples=300, deadline=None)
@given(flows, people, st.lists(stimuli, max_size=12))
def test_a_stale_timer_never_acts(
    definition: Any, facts: Facts, happenings: list[Stimulus]
) -> None:
    for before, stimulus, moved in _play(definition, facts, happenings):
        if isinstance(stimulus, TimerFired) and stimulus.revision != before.revision:
            assert moved == Advance(before)


@settings(max_examples=200, deadline=None)
@given(flows, people, st.lists(stimuli, max_size=12))
def test_no_two_messages_of_a_run_have_the_same_key(
    definition: Any, facts: Facts, happenings: list[Stimulus]
) -> None:
    keys = [
        (effect.step_id, effect.visit)
        for _, _, moved in _play(definition, facts, happenings)
        for effect in moved.effects
        if isinstance(effect, SendMessage)
    ]
    assert len(keys) == len(set(keys))


@settings(max_examples=200, deadline=None)
@given(flows, people, st.lists(stimuli, max_size=6))
def test_the_same_run_and_stimulus_give_the_same_advance(
    definition: Any, facts: Facts, happenings: list[Stimulus]
) -> None:
    assert _play(definition, facts, happenings) == _play(definition, facts, happenings)


def _enter(steps: list[dict[str, Any]], at: datetime = NOW, now: datetime = NOW) -> Advance:
    run = Run(triggered_at=at, entered_at=at)
    return advance(definition=flow_of(steps), run=run, stimulus=Entered(at), facts=Facts(), now=now)


def test_a_circle_without_a_wait_fails_with_a_text_and_sends_nothing() -> None:
    mail = {"id": "a", "type": "send_message", "template": "t", "channel": "email", "next": "b"}
    mark = {"id": "b", "type": "update_profile", "set": {"seen": True}, "next": "a"}
    moved = _enter([mail, mark])
    assert moved.run.state == RunState.FAILED
    assert moved.run.reason == "step_limit"
    assert moved.effects == (End(RunState.FAILED, "step_limit"),)
    assert moved.trace[-1].detail["text"] == (
        "200 steps without a wait: put a delay into the circle."
    )


def test_a_circle_with_a_wait_ends_too() -> None:
    definition = flow_of([{"id": "a", "type": "delay", "for": "PT1S", "next": "a"}])
    run, now = Run(triggered_at=NOW, entered_at=NOW), NOW
    moved = advance(definition=definition, run=run, stimulus=Entered(NOW), facts=Facts(), now=now)
    moves = 1
    while moved.run.is_live:
        now, stimulus = moved.run.due_at or now, TimerFired(moved.run.revision)
        moved = advance(
            definition=definition, run=moved.run, stimulus=stimulus, facts=Facts(), now=now
        )
        moves += 1
    assert (moved.run.state, moved.run.reason) == (RunState.FAILED, "visit_limit")
    assert moves == MOST_VISITS + 1


def test_a_run_on_a_step_that_is_not_in_the_flow_fails() -> None:
    moved = _enter([{"id": "a", "type": "update_profile", "set": {"seen": True}, "next": "gone"}])
    assert (moved.run.state, moved.run.reason) == (RunState.FAILED, "unknown_step")
    assert moved.effects == (End(RunState.FAILED, "unknown_step"),)


def test_somebody_who_enters_late_is_told_from_when_it_was_due() -> None:
    mail = {"id": "a", "type": "send_message", "template": "t", "channel": "email"}
    moved = _enter([mail], at=NOW, now=NOW + timedelta(hours=5))
    assert isinstance(moved.effects[0], SendMessage)
    assert moved.effects[0].due_at == NOW


def test_somebody_inside_does_not_enter_again() -> None:
    steps = [{"id": "a", "type": "delay", "for": "PT1H"}]
    inside = _enter(steps).run
    again = advance(
        definition=flow_of(steps), run=inside, stimulus=Entered(NOW), facts=Facts(), now=NOW
    )
    assert again == Advance(inside)
