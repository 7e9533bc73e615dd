"""The gate, rule by rule: what it says, why, and which reason wins."""

from datetime import UTC, datetime, timedelta

import pytest

from cavaco_plugin.policy.definition import DEFAULT_POLICY, Policy
from cavaco_plugin.policy.facts import Verdict
from cavaco_plugin.policy.gate import decide
from tests.policy.samples import NOON, facts, sent

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVENING = NOON + 11 * HOUR  # 23:00 in Greenwich


def judge(policy: Policy = DEFAULT_POLICY, at: datetime = NOON, **changes) -> Verdict:
    return decide(facts(**changes), policy, at)


def answer(verdict: Verdict) -> tuple[str, str]:
    return verdict.verdict, verdict.reason


def test_an_ordinary_message_may_go_and_says_on_what_grounds():
    verdict = judge()
    assert answer(verdict) == ("allow", "")
    assert verdict.inputs == {"consent": "granted", "sends": 0}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_profile_erased": True}, ("drop", "erased")),
        ({"address": ""}, ("drop", "no_address")),
        ({"suppressions": ("hard_bounce",)}, ("drop", "suppressed")),
        (
            {"suppressions": ("complaint",), "purpose": "transactional", "template_purpose": ""},
            ("drop", "suppressed"),
        ),
        ({"purpose": "transactional"}, ("drop", "purpose_mismatch")),
        ({"purpose": "news"}, ("drop", "purpose_mismatch")),
        ({"consent": ""}, ("drop", "no_consent")),
        ({"consent": "pending"}, ("drop", "no_consent")),
        ({"consent": "withdrawn"}, ("drop", "consent_withdrawn")),
        ({"void_reason": "order_refunded"}, ("drop", "order_refunded")),
        ({"void_reason": "checkout_gone"}, ("drop", "checkout_gone")),
        ({"purchased_at": NOON}, ("drop", "converted")),
        ({"is_flow_stopped": True}, ("hold", "flow_stopped")),
        ({"expires_at": NOON}, ("drop", "expired")),
        ({"expires_at": NOON + timedelta(microseconds=1)}, ("allow", "")),
        ({"is_being_bought": True}, ("hold", "being_bought")),
        ({"channel_stopped_reason": "breaker"}, ("hold", "channel_off")),
        ({"paused_until": NOON + DAY}, ("hold", "paused")),
        ({"paused_until": NOON}, ("allow", "")),
        ({"personal_cap": (0, 7)}, ("drop", "capped")),
    ],
)
def test_each_rule_gives_its_reason(changes, expected):
    assert answer(judge(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"consent": ""}, ("allow", "")),
        ({"consent": "withdrawn"}, ("allow", "")),
        ({"paused_until": NOON + DAY}, ("allow", "")),
        ({"personal_cap": (0, 7)}, ("allow", "")),
        ({"sends": sent(NOON - HOUR, NOON - 2 * HOUR, NOON - 3 * HOUR)}, ("allow", "")),
        ({"has_left_channel": True, "channel": "email"}, ("allow", "")),
        ({"has_left_channel": True, "channel": "sms"}, ("drop", "consent_withdrawn")),
        ({"channel_stopped_reason": "no key"}, ("hold", "channel_off")),
    ],
)
def test_a_transactional_message_passes_what_is_for_marketing_only(changes, expected):
    given = {"purpose": "transactional", "template_purpose": "transactional"} | changes
    assert answer(judge(**given)) == expected


def test_a_transactional_message_goes_out_at_night():
    assert answer(
        judge(at=EVENING, time_zone="UTC", purpose="transactional", template_purpose="")
    ) == ("allow", "")


@pytest.mark.parametrize(
    ("consent", "channel", "country", "expected"),
    [
        ("", "email", "US", ("allow", "")),
        ("granted", "email", "US", ("allow", "")),
        ("pending", "email", "US", ("drop", "no_consent")),
        ("withdrawn", "email", "US", ("drop", "consent_withdrawn")),
        ("", "sms", "US", ("drop", "no_consent")),
        ("", "email", "DE", ("drop", "no_consent")),
        ("", "email", "", ("drop", "no_consent")),
    ],
)
def test_where_the_law_asks_for_an_opt_out_only_silence_is_enough_on_email(
    consent, channel, country, expected
):
    policy = Policy(legal_basis={"US": "opt_out"})
    assert answer(judge(policy, consent=consent, channel=channel, country=country)) == expected


def test_the_weightier_reason_stands_in_the_ledger():
    everything = {
        "suppressions": ("manual",),
        "consent": "withdrawn",
        "void_reason": "checkout_gone",
        "purchased_at": NOON,
        "expires_at": NOON - DAY,
    }
    seen = []
    for cured in (
        {"suppressions": ()},
        {"consent": "granted"},
        {"void_reason": ""},
        {"purchased_at": None},
    ):
        seen.append(judge(**everything).reason)
        everything |= cured
    assert [*seen, judge(**everything).reason] == [
        "suppressed",
        "consent_withdrawn",
        "checkout_gone",
        "converted",
        "expired",
    ]


def test_a_checkout_at_the_till_is_looked_at_again_in_a_minute():
    assert judge(is_being_bought=True).hold_until == NOON + timedelta(minutes=1)


def test_a_stopped_channel_is_tried_when_the_breaker_says_so():
    verdict = judge(channel_stopped_reason="breaker", channel_retry_at=NOON + timedelta(seconds=30))
    assert verdict.hold_until == NOON + timedelta(seconds=30)
    assert verdict.inputs == {"because": "breaker"}
    assert answer(judge(channel_stopped_reason="breaker", channel_retry_at=NOON)) == ("allow", "")


def test_a_channel_that_only_staff_can_mend_is_looked_at_every_ten_minutes():
    assert judge(channel_stopped_reason="no key").hold_until == NOON + timedelta(minutes=10)


def test_waits_that_follow_each_other_are_one_hold_with_the_longest_as_its_reason():
    # The pause ends at 23:00, in the quiet hours; they end at 07:00.
    verdict = judge(paused_until=EVENING, time_zone="UTC")
    assert (verdict.reason, verdict.hold_until) == ("paused", datetime(2026, 11, 19, 7, tzinfo=UTC))
    assert verdict.inputs["also"] == ["quiet_hours"]


def test_a_wait_that_would_outlive_the_message_drops_it_at_once_with_the_reason_of_the_wait():
    verdict = judge(at=EVENING, time_zone="UTC", expires_at=EVENING + 8 * HOUR)
    assert answer(verdict) == ("drop", "quiet_hours")
    assert verdict.inputs["would_wait_until"] == "2026-11-19T07:00:00+00:00"
    kept = judge(at=EVENING, time_zone="UTC", expires_at=EVENING + 8 * HOUR + timedelta(seconds=1))
    assert (answer(kept), kept.hold_until) == (("hold", "quiet_hours"), EVENING + 8 * HOUR)


def test_a_message_held_over_night_is_judged_for_its_age_in_the_morning():
    morning = datetime(2026, 11, 19, 7, tzinfo=UTC)
    assert answer(judge(at=morning, expires_at=morning)) == ("drop", "expired")
