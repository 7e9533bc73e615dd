"""The circuit breaker, over many outcomes and a clock of its own."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.channels.breaker import (
    CLOSED,
    FIRST_WAIT,
    LONGEST_WAIT,
    PROBE_LEASE,
    TRIP_AFTER,
    Breaker,
    after,
    permit,
)
from cavaco_plugin.channels.contract import (
    NOT_STARTED,
    THROTTLED,
    UNAVAILABLE,
    UNREACHABLE,
    Accepted,
    Misconfigured,
    Outcome,
    Permanent,
    Temporary,
    Uncertain,
)
from tests.channels.stands import NOW

DOWN = Temporary(None, UNAVAILABLE, "down")
SECOND = timedelta(seconds=1)


def opened() -> Breaker:
    return after(CLOSED, [DOWN] * TRIP_AFTER, now=NOW)


def test_a_provider_in_health_is_sent_to_without_limit():
    assert permit(CLOSED, now=NOW).at_most is None


def test_a_few_failures_do_not_open_it():
    breaker = after(CLOSED, [DOWN] * (TRIP_AFTER - 1), now=NOW)
    assert (breaker.state, breaker.failures) == ("closed", TRIP_AFTER - 1)
    assert permit(breaker, now=NOW).at_most is None


@pytest.mark.parametrize(
    "good", [Accepted("1"), Permanent("refused", "no"), Temporary(None, "deferred", "full")]
)
def test_an_answer_about_a_message_shows_that_the_provider_works(good: Outcome):
    assert after(CLOSED, [DOWN, DOWN, good], now=NOW) == CLOSED


@pytest.mark.parametrize(
    "bad", [DOWN, Temporary(None, UNREACHABLE, "no line"), Uncertain("no answer")]
)
def test_enough_failures_in_a_row_open_it(bad: Outcome):
    breaker = after(CLOSED, [bad] * TRIP_AFTER, now=NOW)
    assert (breaker.state, breaker.opened_at, breaker.retry_at) == ("open", NOW, NOW + FIRST_WAIT)
    assert permit(breaker, now=NOW + SECOND).at_most == 0
    assert permit(breaker, now=NOW + SECOND).ask_again_at == NOW + FIRST_WAIT


def test_throttling_opens_it_at_once_for_as_long_as_was_asked():
    throttled = Temporary(timedelta(seconds=90), THROTTLED, "slow down")
    breaker = after(CLOSED, [throttled], now=NOW)
    assert (breaker.state, breaker.retry_at) == ("open", NOW + timedelta(seconds=90))


def test_throttling_without_a_time_waits_the_first_wait():
    breaker = after(CLOSED, [Temporary(None, THROTTLED, "slow down")], now=NOW)
    assert breaker.retry_at == NOW + FIRST_WAIT


def test_messages_that_were_not_tried_say_nothing():
    untried = Temporary(timedelta(seconds=90), NOT_STARTED, "not tried")
    assert after(CLOSED, [untried] * 50, now=NOW) == CLOSED


def test_the_rest_of_a_failing_slice_does_not_lengthen_the_wait():
    assert after(opened(), [DOWN] * 100, now=NOW) == opened()


def test_after_the_wait_one_message_goes_out_as_a_probe_and_only_one_worker_takes_it():
    later = NOW + FIRST_WAIT
    first = permit(opened(), now=later)
    second = permit(first.breaker, now=later + SECOND)
    assert (first.at_most, first.breaker.state) == (1, "half_open")
    assert (second.at_most, second.ask_again_at) == (0, later + PROBE_LEASE)


def test_a_probe_whose_worker_died_is_taken_by_another():
    later = NOW + FIRST_WAIT
    probing = permit(opened(), now=later).breaker
    assert permit(probing, now=later + PROBE_LEASE).at_most == 1


def test_a_probe_that_succeeds_closes_it():
    probing = permit(opened(), now=NOW + FIRST_WAIT).breaker
    assert after(probing, [Accepted("1")], now=NOW + FIRST_WAIT + SECOND) == CLOSED


def test_probes_that_fail_double_the_wait_up_to_its_limit():
    breaker, now, waits = opened(), NOW, []
    for _ in range(8):
        now = breaker.retry_at
        breaker = after(permit(breaker, now=now).breaker, [DOWN], now=now)
        waits.append(breaker.retry_at - now)
    assert waits[:4] == [FIRST_WAIT * 2, FIRST_WAIT * 4, FIRST_WAIT * 8, FIRST_WAIT * 16]
    assert waits[-1] == LONGEST_WAIT
    assert breaker.opened_at == NOW


def test_a_straggler_does_not_close_an_open_breaker():
    assert after(opened(), [Accepted("late")], now=NOW + SECOND) == opened()


def test_wrong_settings_stop_it_until_a_person_saves_new_ones():
    stopped = after(CLOSED, [Misconfigured("wrong_credentials", "20003: Authenticate")], now=NOW)
    assert (stopped.state, stopped.retry_at) == ("stopped", None)
    assert stopped.stopped_reason == "wrong_credentials: 20003: Authenticate"
    assert permit(stopped, now=NOW + timedelta(days=30)).at_most == 0
    assert after(stopped, [Accepted("1"), DOWN], now=NOW) == stopped


OUTCOMES = st.sampled_from(
    [
        Accepted("1"),
        Permanent("refused", "no"),
        DOWN,
        Uncertain("?"),
        Temporary(None, "deferred", "full"),
        Temporary(timedelta(seconds=90), THROTTLED, "slow"),
        Temporary(None, NOT_STARTED, ""),
    ]
)


@given(st.lists(st.tuples(st.integers(0, 1000), st.lists(OUTCOMES, max_size=8)), max_size=40))
def test_it_always_opens_again_in_the_end_and_never_waits_too_long(story):
    breaker, now = CLOSED, NOW
    for pause, outcomes in story:
        now += timedelta(seconds=pause)
        allowed = permit(breaker, now=now)
        breaker = after(allowed.breaker, outcomes if allowed.at_most != 0 else [], now=now)
        longest = max(LONGEST_WAIT, PROBE_LEASE)
        assert breaker.retry_at is None or breaker.retry_at - now <= longest
    assert permit(breaker, now=now + LONGEST_WAIT + PROBE_LEASE).at_most != 0
