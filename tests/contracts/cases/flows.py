"""Flow definitions that must not go live."""

from typing import Any

from tests.contracts.table import Bad

GOOD: dict[str, Any] = {
    "schema": 1,
    "name": "Come back",
    "topic": "cart_reminders",
    "purpose": "marketing",
    "trigger": {"type": "checkout_abandoned", "quiet_for": "PT1H"},
    "goal": {"event": "order_placed"},
    "start": "first",
    "steps": [
        {"id": "first", "type": "send_message", "template": "reminder", "channel": "email", "next": "day"},
        {"id": "day", "type": "delay", "for": "PT24H", "next": "done"},
        {"id": "done", "type": "exit", "reason": "told"},
    ],
}  # fmt: skip
SEND, WAIT, _ = GOOD["steps"]


def flow(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in names}


def send(**changes: Any) -> dict[str, Any]:
    return flow(steps=[{**SEND, **changes}, *GOOD["steps"][1:]])


def then(**step: Any) -> dict[str, Any]:
    """The good flow with `step` in the place of its delay."""
    return flow(steps=[SEND, {"id": "day", **step}, GOOD["steps"][2]])


def wait(**fields: Any) -> dict[str, Any]:
    return then(type="delay", next="done", **fields)


def rule(rule: Any) -> dict[str, Any]:
    return flow(
        steps=[
            SEND,
            {**WAIT, "next": "ask"},
            {"id": "ask", "type": "condition", "rule": rule, "then": "done"},
            GOOD["steps"][2],
        ]
    )


def split(*branches: Any) -> dict[str, Any]:
    return then(type="split", branches=list(branches))


def deep(depth: int) -> Any:
    inner: Any = {"fact": "orders.count", "operator": "is", "value": 1}
    for _ in range(depth):
        inner = {"not": inner}
    return inner


A, B = ({"name": name, "weight": 1, "next": "done"} for name in "ab")
RULE = "steps[2].rule"

CASES = [
    # what, given, field, code, remedy
    Bad("no object", ["x"], "", "wrong_type", 'Start it with {"schema": 1'),
    Bad("nothing", None, "", "wrong_type", 'Start it with {"schema": 1'),
    Bad("no schema", without("schema"), "schema", "required", "Add `schema`."),
    Bad("schema of tomorrow", flow(schema=2), "schema", "unknown_schema", "Use schema 1."),
    Bad("no name", without("name"), "name", "required", "Add `name`."),
    Bad("blank name", flow(name=""), "name", "out_of_range", "at least 1 character"),
    Bad("endless name", flow(name="x" * 256), "name", "out_of_range", "at most 255 characters"),
    Bad("name no text", flow(name=5), "name", "wrong_type", "valid string"),
    Bad("name with a NUL", flow(name="Come\x00back"), "name", "bad_text", "Take it out"),
    Bad("name cut in a sign", flow(name="Come \ud83d"), "name", "bad_text", "Take it out"),
    Bad("misspelt field", flow(triger={}), "triger", "unknown_field", "correct its spelling"),
    Bad("unknown purpose", flow(purpose="fun"), "purpose", "unknown_value", "marketing or transactional"),
    Bad("odd topic", flow(topic="Cart Reminders"), "topic", "bad_name", "Use lower-case letters"),
    Bad("unknown topic", flow(topic="carts"), "topic", "unknown_topic", "Use one of: newsletter,"),
    Bad("no topic", flow(topic=""), "topic", "missing_topic", "Use one of: newsletter,"),
    Bad("topic of another purpose", flow(topic="service"), "purpose", "wrong_purpose", "Set `purpose` to"),
    Bad("no trigger", without("trigger"), "trigger", "required", "Add `trigger`."),
    Bad("trigger of no type", flow(trigger={}), "trigger", "required", "Add `type`."),
    Bad("unknown trigger", flow(trigger={"type": "cart_lonely"}), "trigger", "unknown_type", "checkout_abandoned,"),
    Bad("no quiet time", flow(trigger={"type": "checkout_abandoned", "quiet_for": "PT0S"}), "trigger.quiet_for", "bad_duration", "more than zero"),
    Bad("minimum in no currency", flow(trigger={"type": "checkout_abandoned", "min_total": {"euro": "5"}}), "trigger.min_total.euro", "bad_currency", "three capital letters"),
    Bad("negative minimum", flow(trigger={"type": "checkout_abandoned", "min_total": {"EUR": "-5"}}), "trigger.min_total.EUR", "out_of_range", "greater than or equal to 0"),
    Bad("no goal", without("goal"), "goal", "missing_goal", '{"event": "order_placed"}'),
    Bad("unknown goal", flow(goal={"event": "rain"}), "goal.event", "unknown_value", "order_placed"),
    Bad("unknown exit", flow(exits=[{"event": "rain"}]), "exits[0].event", "unknown_value", "checkout_emptied"),
    Bad("re-entry of no length", flow(reentry={"mode": "after"}), "reentry", "reentry_length", "Give `local_days` or `duration`"),
    Bad("re-entry once of a length", flow(reentry={"mode": "once", "local_days": 3}), "reentry", "reentry_length", "Take out `local_days`"),
    Bad("no start", without("start"), "start", "required", "Add `start`."),
    Bad("start nowhere", flow(start="zero"), "start", "missing_target", "Name a step that exists"),
    Bad("no steps", flow(steps=[]), "steps", "out_of_range", "at least 1 item"),
    Bad("too many steps", flow(steps=[{**SEND, "id": f"s{n}"} for n in range(201)]), "steps", "out_of_range", "at most 200 items"),
    Bad("steps no list", flow(steps="first"), "steps", "wrong_type", "valid tuple"),
    Bad("step no object", flow(steps=["first"]), "steps[0]", "wrong_type", "valid dictionary"),
    Bad("unknown step", then(type="dance"), "steps[1]", "unknown_type", "Use one of: condition, delay"),
    Bad("step of no type", then(next="done"), "steps[1]", "required", "Add `type`."),
    Bad("odd step id", send(id="First Mail"), "steps[0].id", "bad_name", "Use lower-case letters"),
    Bad("way to nowhere", then(type="delay", **{"for": "PT1H"}, next="two"), "steps[1].next", "missing_target", "or null to end the flow"),
    Bad("two steps of a name", flow(steps=[SEND, WAIT, {**GOOD["steps"][2], "id": "done"}, {"id": "done2", "type": "delay", "for": "P1D", "next": "done2x"}]), "steps[3].next", "missing_target", "Name a step that exists"),
    Bad("circle without a wait", flow(steps=[{**SEND, "next": "again"}, {"id": "again", "type": "send_message", "template": "reminder", "channel": "email", "next": "first"}]), "steps[0]", "cycle_without_wait", "Put a delay into it"),
    Bad("message of no template", send(template="poem"), "steps[0].template", "missing_template", "Write it, or name another"),
    Bad("template of another channel", send(template="text"), "steps[0].channel", "wrong_channel", "Set `channel` to sms"),
    Bad("unknown channel", send(channel="pigeon"), "steps[0].channel", "unknown_value", "email or sms"),
    Bad("priority out of range", send(priority=101), "steps[0].priority", "out_of_range", "less than or equal to 100"),
    Bad("expiry no duration", send(expires_after="soon"), "steps[0].expires_after", "bad_duration", "PT90M, PT24H or P3D"),
    Bad("delay in months", wait(**{"for": "P1M"}), "steps[1].for", "bad_duration", "so say days"),
    Bad("delay of a century", wait(**{"for": "P36500D"}), "steps[1].for", "bad_duration", "Shorten it"),
    Bad("delay of no length", wait(), "steps[1]", "delay_source", "Give `for`, `until_local_time` or `until_date`"),
    Bad("delay both ways", wait(**{"for": "P1D", "until_date": {"date": "2026-12-24"}}), "steps[1]", "delay_source", "Keep one of them"),
    Bad("no time of day", wait(until_local_time="25:00"), "steps[1].until_local_time", "bad_local_time", "Write it like 09:30"),
    Bad("no date", wait(until_date={"date": "2026-02-30"}), "steps[1].until_date.date", "wrong_type", "valid date"),
    Bad("date in no field", wait(until_date={"field": "person.birthday"}), "steps[1].until_date.field", "unknown_field", "person.traits."),
    Bad("wait without an end", then(type="wait_for_event", event="order_placed", then="done"), "steps[1].timeout", "required", "Add `timeout`."),
    Bad("trait no name", then(type="update_profile", set={"VIP!": True}), "steps[1].set.VIP!", "bad_name", "Use lower-case letters"),
    Bad("trait no value", then(type="update_profile", set={"vip": {"a": 1}}), "steps[1].set.vip", "bad_value", "true, false or null"),
    Bad("trait with a NUL", then(type="update_profile", set={"vip": "a\x00b"}), "steps[1].set.vip", "bad_text", "Take it out"),
    Bad("trait not a number", then(type="update_profile", set={"score": float("nan")}), "steps[1].set.score", "bad_number", "Give a finite number"),
    Bad("split of one", split(A), "steps[1].branches", "out_of_range", "at least 2 items"),
    Bad("split of nothing", split({**A, "weight": 0}, {**B, "weight": 0}), "steps[1].branches", "weights_zero", "Give at least one branch a weight"),
    Bad("two branches of a name", split(A, A), "steps[1].branches", "duplicate_branch", "a name of its own"),
    Bad("negative weight", split({**A, "weight": -1}, B), "steps[1].branches[0].weight", "out_of_range", "greater than or equal to 0"),
    Bad("no rule", rule({}), RULE, "unknown_rule", "Use one of: all, any, not"),
    Bad("unknown fact", rule({"fact": "shoe.size", "operator": "is", "value": 9}), f"{RULE}.fact", "unknown_fact", "Use one of: person.language"),
    Bad("unknown operator", rule({"fact": "orders.count", "operator": "like", "value": 1}), RULE, "unknown_operator", "Use one of: is, is_not"),
    Bad("value of another type", rule({"fact": "orders.count", "operator": "is", "value": "many"}), RULE, "bad_value", "must be a number"),
    Bad("amount in no currency", rule({"fact": "checkout.total", "operator": "at_least", "value": 50}), RULE, "bad_value", '{"EUR": "50.00"}'),
    Bad("all of nothing", rule({"all": []}), f"{RULE}.all", "out_of_range", "at least 1 item"),
    Bad("rule nested too deep", rule(deep(9)), "steps[2]", "rule_too_deep", "Split it over two conditions"),
    Bad("rule without a bottom", rule(deep(100_000)), "", "too_deep", "Make it flatter"),
]  # fmt: skip

# The key is not part of the definition.
KEYS = [
    Bad("no key", "", "key", "bad_name", "Use lower-case letters"),
    Bad("odd key", "Come back", "key", "bad_name", "Use lower-case letters"),
    Bad("endless key", "k" * 65, "key", "bad_name", "at most 64"),
    Bad("key with a NUL", "come\x00back", "key", "bad_name", "Use lower-case letters"),
]
