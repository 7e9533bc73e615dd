"""A flow played for one person, without anybody noticing."""

from datetime import UTC, datetime, timedelta

from cavaco_plugin.flows import library
from cavaco_plugin.flows.definition import FlowDefinition, parse
from cavaco_plugin.flows.dry_run import AssumedEvent, DryRun, GateAnswer, simulate
from cavaco_plugin.flows.effects import SendMessage
from cavaco_plugin.flows.facts import Facts
from cavaco_plugin.flows.run import Run, RunState
from tests.flows.step_cases import flow_of

LEFT = datetime(2026, 3, 10, 9, tzinfo=UTC)
ENTERED = LEFT + timedelta(hours=1)


def _shipped(key: str) -> FlowDefinition:
    return parse(next(entry.definition for entry in library.entries() if entry.key == key))


def _sends(played: DryRun) -> list[tuple[str, datetime | None]]:
    return [(line.template, line.would_send_at) for line in played.lines if line.template]


def _cart(**values: object) -> DryRun:
    return simulate(
        definition=_shipped("abandoned_cart"),
        run=Run(triggered_at=LEFT, entered_at=ENTERED, flow_key="abandoned_cart"),
        facts=Facts(values=values),
    )


def test_a_cart_is_remembered_after_an_hour_a_day_and_two_counted_from_when_it_was_left() -> None:
    assert _sends(_cart()) == [
        ("cart_reminder_1", LEFT + timedelta(hours=1)),
        ("cart_reminder_2", LEFT + timedelta(hours=24)),
        ("cart_reminder_3", LEFT + timedelta(hours=48)),
    ]


def test_who_can_be_reached_by_sms_gets_one_and_only_one() -> None:
    assert _sends(_cart(**{"reachable.sms": True})) == [
        ("cart_reminder_1", LEFT + timedelta(hours=1)),
        ("cart_reminder_sms", LEFT + timedelta(hours=4)),
        ("cart_reminder_2", LEFT + timedelta(hours=24)),
        ("cart_reminder_3", LEFT + timedelta(hours=48)),
    ]


def test_every_decision_is_told_with_its_inputs() -> None:
    line = next(line for line in _cart().lines if line.step_id == "sms_allowed")
    assert (line.action, line.inputs) == ("no", {"facts": {"reachable.sms": None}})
    assert line.sentence == "If reachable.sms is true."
    assert line.at == LEFT + timedelta(hours=4)


def test_a_welcome_comes_at_once_and_three_days_later_at_ten() -> None:
    played = simulate(
        definition=_shipped("welcome"),
        run=Run(triggered_at=LEFT, entered_at=LEFT),
        facts=Facts(time_zone="Europe/Madrid", values={"reachable.email": True}),
    )
    assert _sends(played) == [
        ("welcome_1", LEFT),
        ("welcome_2", datetime(2026, 3, 13, 9, tzinfo=UTC)),
    ]
    assert played.run.state == RunState.COMPLETED


def test_thanks_come_the_next_morning_and_again_after_ten_days() -> None:
    played = simulate(
        definition=_shipped("post_purchase"),
        run=Run(triggered_at=LEFT, entered_at=LEFT),
        facts=Facts(time_zone="America/New_York", values={"reachable.email": True}),
    )
    assert _sends(played) == [
        ("post_purchase_1", datetime(2026, 3, 11, 14, tzinfo=UTC)),
        ("post_purchase_2", datetime(2026, 3, 21, 14, tzinfo=UTC)),
    ]


def _gate(message: SendMessage) -> GateAnswer:
    if message.template == "cart_reminder_1":
        return GateAnswer("hold", "quiet_hours", message.due_at + timedelta(hours=10))
    if message.template == "cart_reminder_2":
        return GateAnswer("hold", "capped", message.due_at + timedelta(hours=13))
    return GateAnswer("drop", "no_consent")


def test_the_gates_answer_moves_and_stops_messages() -> None:
    played = simulate(
        definition=_shipped("abandoned_cart"),
        run=Run(triggered_at=LEFT, entered_at=ENTERED),
        facts=Facts(),
        ask_gate=_gate,
    )
    assert _sends(played) == [
        ("cart_reminder_1", ENTERED + timedelta(hours=10)),
        ("cart_reminder_2", None),
        ("cart_reminder_3", None),
    ]
    assert [line.gate.reason for line in played.lines if line.gate] == [
        "quiet_hours",
        "capped",
        "no_consent",
    ]


def test_an_event_that_is_assumed_takes_the_other_way() -> None:
    flow = flow_of(
        [
            {
                "id": "buy",
                "type": "wait_for_event",
                "event": "order_placed",
                "timeout": "P3D",
                "then": "out",
            },
            {"id": "out", "type": "exit", "reason": "bought"},
        ]
    )
    event = AssumedEvent(LEFT + timedelta(days=1), "order_placed", {"order": "7"})
    run = Run(triggered_at=LEFT, entered_at=LEFT)
    played = simulate(definition=flow, run=run, facts=Facts(), events=[event])
    assert (played.run.state, played.run.reason) == (RunState.EXITED, "bought")
    assert [(line.step_id, line.action) for line in played.lines] == [
        ("buy", "wait"),
        ("buy", "arrived"),
        ("out", "exit"),
    ]


def test_what_the_flow_writes_down_its_later_steps_see() -> None:
    rule = {"fact": "person.traits.tier", "operator": "is", "value": "gold"}
    flow = flow_of(
        [
            {"id": "mark", "type": "update_profile", "set": {"tier": "gold"}, "next": "day"},
            {"id": "day", "type": "delay", "for": "P1D", "next": "ask"},
            {"id": "ask", "type": "condition", "rule": rule},
        ]
    )
    run = Run(triggered_at=LEFT, entered_at=LEFT)
    played = simulate(definition=flow, run=run, facts=Facts())
    assert played.lines[-1].action == "yes"
