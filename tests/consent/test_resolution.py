from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.consent.resolution import (
    Standing,
    is_granted_somewhere,
    is_withdrawn_throughout,
    resolve,
)
from tests.consent.sayings import HOUR, NOON


def stands(state, *, hours=0, channel="email", topic="newsletter", sales_channel=""):
    return Standing(channel, topic, sales_channel, state, NOON + hours * HOUR)


def email(standings, topic="newsletter", sales_channel=""):
    return resolve(standings, channel="email", topic=topic, sales_channel=sales_channel)


def test_who_was_never_asked_has_said_nothing():
    assert email([]) == ""


def test_a_withdrawal_from_everything_covers_a_topic_granted_before():
    assert email([stands("granted"), stands("withdrawn", hours=1, topic="*")]) == "withdrawn"


def test_a_topic_granted_after_leaving_everything_is_granted_alone():
    said = [stands("withdrawn", topic="*"), stands("granted", hours=1)]
    assert email(said) == "granted"
    assert email(said, "cart_reminders") == "withdrawn"


def test_at_the_same_instant_the_withdrawal_wins():
    assert email([stands("granted"), stands("withdrawn", topic="*")]) == "withdrawn"


def test_asking_again_does_not_silence_who_agreed():
    assert email([stands("granted"), stands("pending", hours=1, topic="*")]) == "granted"


def test_asking_after_a_withdrawal_is_pending_and_before_it_is_not():
    assert email([stands("withdrawn", topic="*"), stands("pending", hours=1)]) == "pending"
    assert email([stands("withdrawn", hours=1, topic="*"), stands("pending")]) == "withdrawn"


def test_a_consent_in_one_sales_channel_says_nothing_about_another():
    said = [stands("granted", sales_channel="uk")]
    assert email(said, sales_channel="uk") == "granted"
    assert email(said, sales_channel="de") == ""


def test_a_withdrawal_everywhere_reaches_every_sales_channel():
    said = [stands("granted", sales_channel="uk"), stands("withdrawn", hours=1)]
    assert email(said, sales_channel="uk") == "withdrawn"


def test_one_channel_says_nothing_about_another():
    assert email([stands("granted", channel="sms")]) == ""


def test_a_consent_in_any_sales_channel_is_shown_as_a_consent():
    said = [stands("granted", sales_channel="uk")]
    assert is_granted_somewhere(said, channel="email", topic="newsletter")
    assert not is_granted_somewhere(said, channel="email", topic="cart_reminders")


def test_leaving_everything_again_is_news_while_one_topic_is_granted():
    said = [stands("withdrawn", topic="*"), stands("granted", hours=1)]
    assert not is_withdrawn_throughout(said, channel="email", topic="*")
    assert is_withdrawn_throughout(said[:1], channel="email", topic="*")


def test_leaving_a_topic_everywhere_is_news_while_one_sales_channel_has_it():
    said = [stands("withdrawn"), stands("granted", hours=1, sales_channel="uk")]
    assert not is_withdrawn_throughout(said, channel="email", topic="newsletter")


places = st.builds(
    stands,
    st.sampled_from(["granted", "withdrawn", "pending"]),
    hours=st.integers(0, 4),
    topic=st.sampled_from(["*", "newsletter", "cart_reminders"]),
    sales_channel=st.sampled_from(["", "uk", "de"]),
)


@given(st.lists(places, max_size=8), st.randoms())
def test_the_order_in_which_statements_are_read_never_matters(said, random):
    shuffled = list(said)
    random.shuffle(shuffled)
    for topic in ("newsletter", "cart_reminders"):
        for place in ("", "uk"):
            assert email(said, topic, place) == email(shuffled, topic, place)


@given(st.lists(places, max_size=8))
def test_nothing_outlives_a_later_withdrawal_from_everything(said):
    after = [*said, stands("withdrawn", hours=9, topic="*")]
    assert {
        email(after, topic, place) for topic in ("newsletter", "x") for place in ("", "uk")
    } == {"withdrawn"}
