"""Quiet hours, in every zone and on every night of the year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavaco_plugin.kernel.windows import lies_between
from cavaco_plugin.policy.definition import Policy, QuietHours
from cavaco_plugin.policy.gate import decide
from tests.policy.samples import NOON, facts

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",  # left out a whole day in 2011
    "America/Santiago",  # its clocks leap at midnight
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "America/St_Johns",
    "Asia/Gaza",
    "UTC",
]
times = st.builds(time, hour=st.integers(0, 23), minute=st.sampled_from([0, 15, 30, 59]))


def between(first: int, last: int) -> st.SearchStrategy[datetime]:
    # Hypothesis takes naive limits.
    begin, end = datetime(first, 1, 1), datetime(last, 1, 1)  # noqa: DTZ001
    return st.datetimes(min_value=begin, max_value=end, timezones=st.just(UTC))


def quiet_policy(start: time, end: time) -> Policy:
    return Policy(quiet_hours={"email": QuietHours(start=start, end=end)}, caps=())


def at_local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@settings(max_examples=500, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    at=between(2011, 2032),
    start=times,
    end=times,
)
def test_a_hold_never_ends_in_the_quiet_hours_nor_before_now(zone, at, start, end):
    if start == end:
        return
    verdict = decide(facts(time_zone=zone), quiet_policy(start, end), at)
    quiet = lies_between(moment=at.astimezone(ZoneInfo(zone)).time(), start=start, end=end)
    assert verdict.verdict == ("hold" if quiet else "allow")
    if quiet:
        until = verdict.hold_until
        assert at < until <= at + timedelta(hours=50)
        assert not lies_between(
            moment=until.astimezone(ZoneInfo(zone)).time(), start=start, end=end
        )


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    at=between(2025, 2027),
    wait=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)),
    start=times,
    end=times,
)
def test_no_other_wait_ends_in_the_quiet_hours_either(zone, at, wait, start, end):
    if start == end:
        return
    verdict = decide(facts(time_zone=zone, paused_until=at + wait), quiet_policy(start, end), at)
    if verdict.verdict == "hold":
        local = verdict.hold_until.astimezone(ZoneInfo(zone)).time()
        assert verdict.hold_until >= at + wait
        assert not lies_between(moment=local, start=start, end=end)


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        ("Europe/Berlin", (2026, 11, 18, 23, 30), (2026, 11, 19, 7, 0)),
        ("Europe/Berlin", (2026, 11, 19, 6, 59), (2026, 11, 19, 7, 0)),
        ("America/New_York", (2026, 11, 18, 22, 0), (2026, 11, 19, 7, 0)),
        # The short and the long night.
        ("Europe/Berlin", (2026, 3, 28, 23, 0), (2026, 3, 29, 7, 0)),
        ("Europe/Berlin", (2026, 10, 24, 23, 0), (2026, 10, 25, 7, 0)),
    ],
)
def test_the_night_ends_at_seven_where_the_person_lives(zone, at, until):
    verdict = decide(facts(time_zone=zone), Policy(), at_local(zone, *at))
    assert (verdict.reason, verdict.hold_until) == ("quiet_hours", at_local(zone, *until))


def test_an_end_that_the_clock_leaps_over_becomes_the_first_moment_after():
    policy = quiet_policy(time(22), time(2, 30))
    verdict = decide(
        facts(time_zone="Europe/Berlin"), policy, at_local("Europe/Berlin", 2026, 3, 29, 1, 0)
    )
    assert verdict.hold_until == at_local("Europe/Berlin", 2026, 3, 29, 3, 0)


def test_in_the_repeated_hour_the_second_end_counts_for_who_missed_the_first():
    policy = quiet_policy(time(22), time(2, 30))
    late = at_local("Europe/Berlin", 2026, 10, 25, 2, 10, fold=1)
    verdict = decide(facts(time_zone="Europe/Berlin"), policy, late)
    assert verdict.hold_until == at_local("Europe/Berlin", 2026, 10, 25, 2, 30, fold=1)


def test_text_messages_stop_at_eight_in_the_evening_and_emails_at_ten():
    nine = NOON + timedelta(hours=9)
    assert decide(facts(channel="sms"), Policy(), nine).reason == "quiet_hours"
    assert decide(facts(channel="email"), Policy(), nine).verdict == "allow"


@pytest.mark.parametrize("quiet_hours", [{}, {"email": None}])
def test_a_channel_without_quiet_hours_has_none(quiet_hours):
    midnight = NOON + timedelta(hours=12)
    assert decide(facts(), Policy(quiet_hours=quiet_hours), midnight).verdict == "allow"


def test_a_zone_nobody_knows_counts_as_greenwich():
    assert (
        decide(facts(time_zone="Mars/Olympus"), Policy(), NOON + timedelta(hours=11)).reason
        == "quiet_hours"
    )
