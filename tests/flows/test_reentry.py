"""Who may come into a flow again, and when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.flows.reentry import Admission, PastRun, Reentry, decide

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_EVENING = datetime(2026, 3, 9, 19, tzinfo=UTC)
ENDED = PastRun(
    entered_at=MONDAY_EVENING,
    ended_at=MONDAY_EVENING + timedelta(days=2),
    last_send_at=MONDAY_EVENING + timedelta(days=1),
    subject={"checkout": "one"},
)
LIVE = PastRun(entered_at=MONDAY_EVENING, subject={"checkout": "one"})


def _decide(policy: Reentry, past: list[PastRun], at: datetime, checkout: str = "two") -> Admission:
    return decide(policy=policy, past=past, subject={"checkout": checkout}, at=at, zone=BERLIN)


def test_a_newcomer_comes_in() -> None:
    for mode in ("once", "after_exit"):
        assert _decide(Reentry(mode=mode), [], MONDAY_EVENING) == Admission(True)


def test_nobody_is_inside_twice() -> None:
    policies = [Reentry(mode="after_exit"), Reentry(mode="after", local_days=1)]
    for policy in policies:
        late = MONDAY_EVENING + timedelta(days=30)
        assert _decide(policy, [LIVE], late) == Admission(False, "still_inside")


def test_once_is_once() -> None:
    answer = _decide(Reentry(mode="once"), [ENDED], MONDAY_EVENING + timedelta(days=1000))
    assert answer == Admission(False, "entered_before", {"entered_at": MONDAY_EVENING.isoformat()})


def test_after_the_exit_the_door_is_open() -> None:
    assert _decide(Reentry(mode="after_exit"), [ENDED], MONDAY_EVENING).is_allowed


def test_by_subject_only_the_same_cart_counts() -> None:
    policy = Reentry(mode="once", scope="subject")
    assert _decide(policy, [ENDED], MONDAY_EVENING, checkout="two").is_allowed
    assert not _decide(policy, [ENDED], MONDAY_EVENING, checkout="one").is_allowed


@pytest.mark.parametrize(
    ("at", "is_allowed"),
    [
        # Sunday, one minute to midnight in Berlin.
        (datetime(2026, 3, 15, 22, 59, tzinfo=UTC), False),
        # Midnight: seven calendar days after Monday, though not yet seven times 24 hours.
        (datetime(2026, 3, 15, 23, 0, tzinfo=UTC), True),
    ],
)
def test_local_days_are_days_of_the_persons_calendar(at: datetime, is_allowed: bool) -> None:
    answer = _decide(Reentry(mode="after", local_days=7), [ENDED], at)
    assert answer.is_allowed is is_allowed
    assert answer.inputs == {"entry": MONDAY_EVENING.isoformat(), "again_from": "2026-03-16"}
    assert answer.reason == ("" if is_allowed else "too_soon")


@pytest.mark.parametrize(("anchor", "days"), [("entry", 0), ("last_send", 1), ("exit", 2)])
def test_a_duration_counts_to_the_second_from_its_anchor(anchor: str, days: int) -> None:
    policy = Reentry(mode="after", duration=timedelta(hours=36), anchor=anchor)
    opens = MONDAY_EVENING + timedelta(days=days, hours=36)
    assert not _decide(policy, [ENDED], opens - timedelta(seconds=1)).is_allowed
    assert _decide(policy, [ENDED], opens).is_allowed


def test_a_run_that_sent_nothing_does_not_count_from_its_last_send() -> None:
    silent = PastRun(entered_at=MONDAY_EVENING, ended_at=MONDAY_EVENING)
    policy = Reentry(mode="after", local_days=7, anchor="last_send")
    assert _decide(policy, [silent], MONDAY_EVENING).is_allowed


@given(st.lists(st.integers(0, 2000), min_size=1), st.integers(1, 30), st.integers(0, 3000))
def test_it_is_the_latest_run_that_decides(starts: list[int], days: int, at: int) -> None:
    def moment(hours: int) -> datetime:
        return MONDAY_EVENING + timedelta(hours=hours)

    past = [PastRun(entered_at=moment(start), ended_at=moment(start)) for start in starts]
    policy = Reentry(mode="after", duration=timedelta(days=days))
    expected = at >= max(starts) + 24 * days
    assert _decide(policy, past, moment(at)).is_allowed is expected
