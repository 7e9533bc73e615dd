"""Caps: exact at their edges, and equal to a count by hand over any sends and any policy."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavaco_plugin.policy import ring
from cavaco_plugin.policy.definition import Policy, read_policy
from cavaco_plugin.policy.gate import decide
from tests.policy.samples import NOON, facts, sent

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def policy(*caps) -> Policy:
    return read_policy({"caps": list(caps), "quiet_hours": {}})


def rolling(messages, length: str = "P7D", **rest) -> dict:
    return {
        "scope": "all",
        "messages": messages,
        "window": {"kind": "rolling", "length": length},
        **rest,
    }


def calendar(messages, unit: str, **rest) -> dict:
    return {
        "scope": "all",
        "messages": messages,
        "window": {"kind": "calendar", "unit": unit},
        **rest,
    }


THREE_A_WEEK = policy(rolling(3))


def test_the_fourth_message_waits_until_the_first_is_a_week_old():
    first = NOON - 6 * DAY
    verdict = decide(facts(sends=sent(first, NOON - HOUR, NOON - 2 * HOUR)), THREE_A_WEEK, NOON)
    assert (verdict.verdict, verdict.reason, verdict.hold_until) == (
        "hold",
        "capped",
        first + 7 * DAY,
    )
    assert verdict.inputs == {
        "scope": "all",
        "messages": 3,
        "window": "7 days, 0:00:00",
        "sends": [at.isoformat() for at in (first, NOON - 2 * HOUR, NOON - HOUR)],
    }


def test_exactly_a_week_later_there_is_room_and_a_millisecond_before_there_is_none():
    sends = sent(NOON - 7 * DAY, NOON - DAY, NOON - HOUR)
    assert decide(facts(sends=sends), THREE_A_WEEK, NOON).verdict == "allow"
    assert (
        decide(facts(sends=sends), THREE_A_WEEK, NOON - timedelta(milliseconds=1)).verdict == "hold"
    )


def test_all_channels_count_together():
    sends = sent(NOON - HOUR, channel="sms") + sent(NOON, NOON, channel="email", topic="news")
    assert decide(facts(sends=sends), THREE_A_WEEK, NOON).verdict == "hold"


@pytest.mark.parametrize(
    ("messages", "verdicts"),
    [(0, ["drop"]), (1, ["allow", "hold"]), (None, ["allow"] * 9)],
    ids=["nothing may go", "one may go", "no cap"],
)
def test_nought_one_and_null_mean_what_they_say(messages, verdicts):
    given_policy = policy(rolling(messages))
    for count, expected in enumerate(verdicts):
        verdict = decide(facts(sends=sent(*[NOON - HOUR] * count)), given_policy, NOON)
        assert (verdict.verdict, verdict.reason) == (
            expected,
            "" if expected == "allow" else "capped",
        )


def test_no_caps_at_all_let_everything_pass():
    assert decide(facts(sends=sent(*[NOON] * 50)), policy(), NOON).verdict == "allow"


def test_a_changed_cap_holds_for_the_sends_before_the_change():
    sends = sent(NOON - 20 * DAY, NOON - 10 * DAY, NOON - DAY)
    assert decide(facts(sends=sends), policy(rolling(3)), NOON).verdict == "allow"
    assert decide(facts(sends=sends), policy(rolling(3, "P30D")), NOON).verdict == "hold"
    assert decide(facts(sends=sends), policy(rolling(1)), NOON).verdict == "hold"


def test_a_cap_of_one_channel_counts_and_holds_that_channel_only():
    one_text = policy(rolling(1, "P1D", scope="channel", only="sms"))
    texts = sent(NOON - HOUR, channel="sms")
    assert decide(facts(channel="sms", sends=texts), one_text, NOON).verdict == "hold"
    assert decide(facts(channel="email", sends=texts), one_text, NOON).verdict == "allow"
    assert decide(facts(channel="sms", sends=sent(NOON - HOUR)), one_text, NOON).verdict == "allow"


def test_a_cap_of_each_channel_by_itself_keeps_them_apart():
    each = policy(rolling(1, "P1D", scope="channel"))
    sends = sent(NOON - HOUR, channel="sms")
    assert decide(facts(channel="email", sends=sends), each, NOON).verdict == "allow"
    assert decide(facts(channel="sms", sends=sends), each, NOON).verdict == "hold"


def test_a_cap_of_each_topic_by_itself_keeps_them_apart():
    each = policy(rolling(1, "P1D", scope="topic"))
    sends = sent(NOON - HOUR, topic="news")
    assert decide(facts(topic="reminders", sends=sends), each, NOON).verdict == "allow"
    assert decide(facts(topic="news", sends=sends), each, NOON).verdict == "hold"


def test_all_caps_hold_together_and_the_last_to_open_decides():
    both = policy(rolling(1, "P1D"), rolling(2, "P7D"))
    sends = sent(NOON - 6 * DAY, NOON - HOUR)
    assert decide(facts(sends=sends), both, NOON).hold_until == NOON + DAY
    later = decide(facts(sends=sent(NOON - 5 * DAY, NOON - HOUR)), both, NOON)
    assert later.hold_until == NOON + 2 * DAY


def test_the_persons_own_cap_is_held_besides_and_cannot_be_widened():
    mine = facts(personal_cap=(1, 7), sends=sent(NOON - 2 * DAY))
    verdict = decide(mine, policy(rolling(50)), NOON)
    assert (verdict.rule, verdict.reason, verdict.hold_until) == (
        "personal_cap",
        "capped",
        NOON + 5 * DAY,
    )
    assert (
        decide(facts(personal_cap=(50, 7), sends=sent(NOON)), policy(rolling(1)), NOON).rule
        == "caps"
    )


def test_over_the_cap_until_it_expires_a_message_is_dropped():
    full = facts(sends=sent(NOON, NOON, NOON), expires_at=NOON + 3 * DAY)
    verdict = decide(full, THREE_A_WEEK, NOON)
    assert (verdict.verdict, verdict.reason) == ("drop", "capped")


@pytest.mark.parametrize(
    ("unit", "opens"),
    [("day", date(2026, 11, 19)), ("week", date(2026, 11, 23)), ("month", date(2026, 12, 1))],
)
def test_a_calendar_window_opens_at_midnight_where_the_person_lives(unit, opens):
    auckland = ZoneInfo("Pacific/Auckland")
    at = datetime(2026, 11, 18, 9, tzinfo=auckland)
    verdict = decide(
        facts(sends=sent(at - HOUR), time_zone="Pacific/Auckland"), policy(calendar(1, unit)), at
    )
    assert verdict.hold_until == datetime(opens.year, opens.month, opens.day, tzinfo=auckland)


def test_a_message_of_yesterday_leaves_today_free_in_a_calendar_window():
    berlin = ZoneInfo("Europe/Berlin")
    midnight = datetime(2026, 11, 18, tzinfo=berlin)
    last_night = facts(sends=sent(midnight - timedelta(minutes=1)), time_zone="Europe/Berlin")
    assert decide(last_night, policy(calendar(1, "day")), midnight).verdict == "allow"
    assert decide(last_night, policy(rolling(1, "P1D")), midnight).verdict == "hold"


caps_strategy = st.lists(
    st.builds(
        lambda scope, only, messages, window: {
            "scope": scope,
            "only": None
            if scope == "all"
            else {"channel": "sms", "topic": "news"}[scope]
            if only
            else None,
            "messages": messages,
            "window": window,
        },
        scope=st.sampled_from(["all", "channel", "topic"]),
        only=st.booleans(),
        messages=st.sampled_from([None, 1, 1, 2, 3, 5]),
        window=st.one_of(
            st.integers(min_value=1, max_value=31 * 24).map(
                lambda h: {"kind": "rolling", "length": f"PT{h}H"}
            ),
            st.sampled_from(["day", "week", "month"]).map(
                lambda unit: {"kind": "calendar", "unit": unit}
            ),
        ),
    ),
    max_size=4,
)
wishes = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=40 * 24 * 60),  # minutes from the start
        st.sampled_from(["email", "sms"]),
        st.sampled_from(["news", "reminders"]),
    ),
    min_size=1,
    max_size=30,
)
START = datetime(2026, 10, 10, tzinfo=UTC)
ZONE = "Europe/Berlin"  # puts its clocks back on 25 October


def begin_of_window(cap: dict, at: datetime) -> datetime:
    """The last moment that is outside the window in which `at` lies."""
    window = cap["window"]
    if window["kind"] == "rolling":
        return at - timedelta(hours=int(window["length"][2:-1]))
    local = at.astimezone(ZoneInfo(ZONE))
    begin = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if window["unit"] == "week":
        begin -= timedelta(days=begin.weekday())
    elif window["unit"] == "month":
        begin = begin.replace(day=1)
    return begin - timedelta(microseconds=1)


def room_by_hand(caps: list[dict], sends: list, at: datetime, channel: str, topic: str) -> bool:
    for cap in caps:
        own = {"channel": channel, "topic": topic}.get(cap["scope"])
        if cap["messages"] is None or (cap["only"] and cap["only"] != own):
            continue
        begin = begin_of_window(cap, at)
        inside = [
            send
            for send in sends
            if send[0] > begin and own == {"channel": send[1], "topic": send[2]}.get(cap["scope"])
        ]
        if len(inside) >= cap["messages"]:
            return False
    return True


@settings(max_examples=300, deadline=None)
@given(caps=caps_strategy, wishes=wishes)
def test_the_gate_says_what_counting_by_hand_says(caps, wishes):
    """Wishes in the order of time; each allowed one is sent; a hold ends at the first moment with room."""
    rules, sends, entries = policy(*caps), [], []
    for minutes, channel, topic in sorted(wishes):
        at = START + timedelta(minutes=minutes)
        verdict = decide(
            facts(channel=channel, topic=topic, sends=tuple(entries), time_zone=ZONE), rules, at
        )
        room = room_by_hand(caps, sends, at, channel, topic)
        assert (verdict.verdict == "allow") == room
        if room:
            entry = ring.free_entry(taken=entries, at=at, channel=channel, topic=topic)
            entries = sorted([*entries, entry])
            sends.append((ring.moment_of(entry), channel, topic))
        else:
            opens = verdict.hold_until
            assert opens > at
            assert room_by_hand(caps, sends, opens, channel, topic)
            assert not room_by_hand(caps, sends, opens - timedelta(milliseconds=1), channel, topic)
