"""What each outcome means for its message, and when one is offered again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.channels.contract import (
    Accepted,
    Misconfigured,
    Money,
    Permanent,
    Temporary,
    Uncertain,
)
from cavaco_plugin.outbox.backoff import MAX_ATTEMPTS, WAITS, wait_after
from cavaco_plugin.outbox.results import Result, result_of
from tests.outbox.makers import DAY, NOON

MINUTE = timedelta(minutes=1)


def result(outcome, *, attempts: int = 0, expires_at=None) -> Result:
    return result_of(outcome, message_id=7, attempts=attempts, expires_at=expires_at, now=NOON)


def test_the_waits_grow_from_a_minute_to_half_a_day():
    assert [wait.total_seconds() / 60 for wait in WAITS] == [1, 5, 15, 60, 180, 360, 720]
    assert MAX_ATTEMPTS == 8


@given(attempt=st.integers(1, 20), message_id=st.integers(1, 10**9))
def test_each_message_has_its_own_wait_and_always_the_same(attempt, message_id):
    base = WAITS[min(attempt, 7) - 1]
    wait = wait_after(attempt=attempt, message_id=message_id)
    assert base <= wait < base * 1.25
    assert wait == wait_after(attempt=attempt, message_id=message_id)


def test_a_provider_that_asks_for_more_time_gets_it():
    assert wait_after(attempt=1, message_id=1, asked=timedelta(hours=2)) >= timedelta(hours=2)


def test_an_accepted_message_keeps_its_place_and_its_price():
    said = result(Accepted("abc", Money(Decimal("0.09"), "USD")))
    assert (said.state, said.keeps_place, said.provider_message_id) == ("accepted", True, "abc")
    assert (said.price, said.currency) == (Decimal("0.09"), "USD")


def test_a_message_without_an_answer_is_unknown_and_keeps_its_place():
    said = result(Uncertain("timed out"))
    assert (said.state, said.reason, said.keeps_place, said.due_at) == (
        "unknown",
        "unanswered",
        True,
        None,
    )


@pytest.mark.parametrize(
    ("outcome", "reason", "suppress_as"),
    [
        (Permanent("refused", "no"), "provider_refused", ""),
        (Permanent("invalid_address", "no", suppress=True), "invalid_address", "hard_bounce"),
        (Permanent("unsubscribed", "no", suppress=True), "invalid_address", "carrier_opt_out"),
    ],
)
def test_what_is_refused_for_ever_fails_and_gives_its_place_back(outcome, reason, suppress_as):
    said = result(outcome)
    assert (said.state, said.reason, said.keeps_place, said.suppress_as) == (
        "failed",
        reason,
        False,
        suppress_as,
    )


def test_a_temporary_refusal_is_tried_again_after_its_wait():
    said = result(Temporary(None, "deferred", "mailbox full"))
    assert said.state == "ready"
    assert NOON + MINUTE <= said.due_at < NOON + 1.25 * MINUTE
    assert not said.keeps_place


def test_the_last_refusal_uses_the_tries_up():
    assert result(Temporary(None, "deferred", ""), attempts=6).state == "ready"
    said = result(Temporary(None, "deferred", ""), attempts=7)
    assert (said.state, said.reason) == ("failed", "attempts_exhausted")


def test_a_provider_that_is_down_uses_no_tries_up():
    assert result(Temporary(None, "unreachable", ""), attempts=30).state == "ready"


def test_what_never_had_its_turn_was_not_tried():
    said = result(Temporary(None, "not_started", ""))
    assert (said.state, said.was_tried, said.outcome) == ("ready", False, "")
    assert said.due_at == NOON + timedelta(seconds=5)


def test_no_wait_goes_beyond_the_end_of_the_message():
    said = result(Temporary(timedelta(hours=3), "throttled", ""), expires_at=NOON + MINUTE)
    assert said.due_at == NOON + MINUTE


def test_wrong_settings_are_not_the_messages_fault():
    said = result(Misconfigured("not_allowed", "no such key"), expires_at=NOON + DAY)
    assert (said.state, said.reason, said.was_tried) == ("ready", "channel_off", False)
