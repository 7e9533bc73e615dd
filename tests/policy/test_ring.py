"""The packed sends of a person."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.policy import ring

# Hypothesis takes naive limits.
BEGIN, END = datetime(2020, 1, 1), datetime(2089, 1, 1)  # noqa: DTZ001
moments = st.datetimes(min_value=BEGIN, max_value=END, timezones=st.just(UTC))


@given(at=moments)
def test_an_entry_gives_its_moment_back_never_earlier_and_less_than_a_millisecond_later(at):
    entry = ring.pack(at=at, channel="sms", topic="reminders")
    assert timedelta(0) <= ring.moment_of(entry) - at < timedelta(milliseconds=1)
    assert 0 <= entry < 2**63


@given(one=moments, other=moments)
def test_entries_sort_as_their_moments_do(one, other):
    first = ring.pack(at=one, channel="line", topic="a")
    second = ring.pack(at=other, channel="email", topic="b")
    if other - one >= timedelta(milliseconds=1):
        assert first < second


@given(at=moments, later=st.integers(min_value=1, max_value=10**9))
def test_the_thresholds_part_what_lies_before_from_what_lies_after(at, later):
    after = at + timedelta(microseconds=later)
    entry = ring.pack(at=after, channel="email", topic="reminders")
    assert entry >= ring.first_from(at)
    assert (entry >= ring.first_after(at)) == (ring.moment_of(entry) > at)


def test_an_entry_is_like_no_other_of_the_person():
    at = datetime(2026, 11, 18, 12, tzinfo=UTC)
    taken = []
    for _ in range(3):
        taken.append(ring.free_entry(taken=taken, at=at, channel="email", topic="reminders"))
    assert [ring.moment_of(entry) - at for entry in taken] == [
        timedelta(milliseconds=n) for n in range(3)
    ]


def test_a_channel_without_a_code_is_named():
    with pytest.raises(ValueError, match="channel: 'pigeon' is not one of email, sms"):
        ring.pack(at=datetime(2026, 1, 1, tzinfo=UTC), channel="pigeon", topic="x")
