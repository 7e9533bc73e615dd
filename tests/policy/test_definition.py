"""The policy as data: what each value means, and what is refused."""

from datetime import time, timedelta

import pytest

from cavaco_plugin.policy.definition import (
    DEFAULT_POLICY,
    Cap,
    InvalidPolicy,
    Policy,
    QuietHours,
    RollingWindow,
    read_policy,
)

WEEK = {"kind": "rolling", "length": "P7D"}


def test_without_a_word_three_marketing_messages_a_week_over_all_channels_hold():
    assert DEFAULT_POLICY.caps == (
        Cap(scope="all", messages=3, window=RollingWindow(length=timedelta(days=7))),
    )
    assert DEFAULT_POLICY.counted == {"marketing"}


def test_without_a_word_the_night_is_quiet_and_longer_for_text_messages():
    assert DEFAULT_POLICY.quiet_hours == {
        "email": QuietHours(start=time(22), end=time(7)),
        "sms": QuietHours(start=time(20), end=time(8)),
    }


def test_an_empty_definition_is_the_default_policy():
    assert read_policy({}) == DEFAULT_POLICY


def test_a_policy_survives_being_stored():
    policy = Policy(
        caps=(
            Cap(
                scope="channel", only="sms", messages=1, window={"kind": "calendar", "unit": "day"}
            ),
        ),
        legal_basis={"US": "opt_out"},
    )
    assert read_policy(policy.model_dump(mode="json")) == policy


def test_a_cap_of_null_is_off_and_a_cap_of_zero_is_a_cap():
    off, none = read_policy(
        {
            "caps": [
                {"scope": "all", "messages": None, "window": WEEK},
                {"scope": "all", "messages": 0, "window": WEEK},
            ]
        }
    ).caps
    assert (off.messages, none.messages) == (None, 0)


def test_only_email_may_rest_on_opting_out():
    policy = read_policy({"legal_basis": {"US": "opt_out"}})
    assert policy.basis(country="US", channel="email") == "opt_out"
    assert policy.basis(country="US", channel="sms") == "consent"
    assert policy.basis(country="DE", channel="email") == "consent"


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        (
            {"caps": [{"scope": "all", "messages": "", "window": WEEK}]},
            "caps[0].messages: is blank: give 0 to let nothing through, or null for no cap",
        ),
        (
            {"caps": [{"scope": "all", "messages": " ", "window": WEEK}]},
            "caps[0].messages: is blank: give 0 to let nothing through, or null for no cap",
        ),
        ({"caps": [{"scope": "all", "window": WEEK}]}, "caps[0].messages: is missing; add it"),
        (
            {"caps": [{"scope": "all", "messages": -1, "window": WEEK}]},
            "caps[0].messages: input should be greater than or equal to 0",
        ),
        (
            {"caps": [{"scope": "all", "messages": 2.5, "window": WEEK}]},
            "caps[0].messages: input should be a valid integer",
        ),
        (
            {"caps": [{"scope": "all", "messages": True, "window": WEEK}]},
            "caps[0].messages: input should be a valid integer",
        ),
        (
            {
                "caps": [
                    {"scope": "all", "messages": 3, "window": {"kind": "rolling", "length": "P60D"}}
                ]
            },
            "caps[0].window.length: give more than nothing and at most 31 days, for instance P7D",
        ),
        (
            {
                "caps": [
                    {"scope": "all", "messages": 3, "window": {"kind": "rolling", "length": "PT0S"}}
                ]
            },
            "caps[0].window.length: give more than nothing and at most 31 days, for instance P7D",
        ),
        (
            {
                "caps": [
                    {
                        "scope": "all",
                        "messages": 3,
                        "window": {"kind": "calendar", "unit": "fortnight"},
                    }
                ]
            },
            "caps[0].window.unit: use 'day', 'week' or 'month'",
        ),
        (
            {"caps": [{"scope": "all", "only": "sms", "messages": 3, "window": WEEK}]},
            "caps[0]: only: a cap over everything names no channel or topic; leave it out",
        ),
        (
            {"quiet_hours": {"sms": {"start": "20:00", "end": "20:00"}}},
            "quiet_hours.sms: start and end are the same; leave the channel out to have no quiet hours",
        ),
        (
            {"legal_basis": {"Germany": "consent"}},
            "legal_basis.Germany: write two capital letters, such as DE",
        ),
        (
            {"legal_basis": {"DE": "hope"}},
            "legal_basis.DE: use 'consent' or 'opt_out'",
        ),
        (
            {"max_hold": "PT0S"},
            "max_hold: give more than nothing and at most 90 days, for instance P3D",
        ),
        ({"cap": []}, "cap: there is no such field; check the spelling or take it out"),
    ],
)
def test_a_policy_that_cannot_hold_is_refused_with_its_field_and_the_remedy(definition, sentence):
    with pytest.raises(InvalidPolicy) as refusal:
        read_policy(definition)
    assert sentence in refusal.value.problems
