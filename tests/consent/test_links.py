import timeit

import pytest

from cavaco_plugin.consent import links
from cavaco_plugin.consent.addresses import address_hash
from cavaco_plugin.consent.links import InvalidLink, LinkClaims, Purpose

DOORS = "https://shop.example/plugins/global/cavaco/"
PROFILE, MESSAGE = "p" * 20, "m" * 20


def unsubscribe(**values):
    given = {"profile": PROFILE, "channel": "email", "topic": "newsletter", "message": MESSAGE}
    return links.unsubscribe_url(doors_url=DOORS, **(given | values))


def token_of(url):
    return url.rpartition("/")[2]


def test_a_link_says_who_what_and_which_message():
    url = unsubscribe()
    assert url.startswith(f"{DOORS}unsubscribe/1u")
    assert links.read(token_of(url), Purpose.UNSUBSCRIBE) == LinkClaims(
        Purpose.UNSUBSCRIBE, PROFILE, "email", MESSAGE, "newsletter"
    )


def test_a_link_is_short_and_safe_in_every_mail_reader():
    url = unsubscribe(topic="cart_reminders")
    assert len(token_of(url)) <= 90
    assert all(sign.isalnum() or sign in "._-" for sign in token_of(url))


def test_a_link_about_every_topic_has_no_asterisk_and_still_means_every_topic():
    url = unsubscribe(topic="*")
    assert "*" not in url
    assert links.read(token_of(url), Purpose.UNSUBSCRIBE).topic == "*"


def test_the_same_link_is_made_twice_and_works_as_often_as_it_is_used():
    assert unsubscribe() == unsubscribe()


@pytest.mark.parametrize("purpose", [Purpose.PREFERENCES, Purpose.CONFIRM])
def test_a_link_of_one_purpose_opens_no_other_page(purpose):
    with pytest.raises(InvalidLink):
        links.read(token_of(unsubscribe()), purpose)


def test_every_altered_sign_breaks_the_link():
    token = token_of(unsubscribe())
    for at, sign in enumerate(token):
        altered = token[:at] + ("x" if sign != "x" else "y") + token[at + 1 :]
        with pytest.raises(InvalidLink):
            links.read(altered, Purpose.UNSUBSCRIBE)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "....",
        "1u",
        "1u....",
        "2u" + "p" * 20,
        "ü" * 40,
        "1u" + "a.b.c.d." + "Ä" * 16,
        "%00",
    ],
)
def test_what_is_no_link_of_ours_is_refused(token):
    with pytest.raises(InvalidLink):
        links.read(token, Purpose.UNSUBSCRIBE)


def test_a_link_from_before_the_key_was_changed_still_works(settings):
    token = token_of(unsubscribe())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert links.read(token, Purpose.UNSUBSCRIBE).subject == PROFILE
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidLink):
        links.read(token, Purpose.UNSUBSCRIBE)


def test_a_preference_link_and_a_confirmation_link_carry_their_subject():
    preferences = links.preferences_url(doors_url=DOORS, profile=PROFILE, channel="sms")
    confirm = links.confirm_url(doors_url=DOORS, opt_in="o" * 20)
    read = links.read(token_of(preferences), Purpose.PREFERENCES)
    assert (read.subject, read.channel, read.topic) == (PROFILE, "sms", "")
    assert links.read(token_of(confirm), Purpose.CONFIRM).subject == "o" * 20


def test_making_a_link_costs_microseconds():
    seconds = min(timeit.repeat(unsubscribe, number=2000, repeat=7)) / 2000
    assert seconds < 20e-6


def test_an_address_has_one_hash_however_it_is_spelled():
    assert address_hash("email", " Maya@Example.COM ") == address_hash("email", "maya@example.com")
    assert address_hash("sms", "+44 7700 900123") == address_hash("sms", "+447700900123")


def test_every_phone_channel_shares_the_hash_of_a_number():
    assert address_hash("voice", "+447700900123") == address_hash("sms", "+447700900123")
    assert address_hash("email", "+447700900123") != address_hash("sms", "+447700900123")


def test_the_hash_depends_on_the_shop_and_shows_nothing_of_the_address(settings):
    before = address_hash("email", "maya@example.com")
    assert len(before) == 64
    assert "maya" not in before
    settings.SECRET_KEY = "another shop"
    assert address_hash("email", "maya@example.com") != before
