from datetime import timedelta

import pytest

from cavaco_plugin.consent import links
from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import ConsentRecord, OptInRequest
from cavaco_plugin.store.models import ShopSettings
from tests.consent.sayings import DAY, HOUR, NOON, consent_of, said


def ask(profile, at=NOON, topics=("newsletter",), **values):
    statement = said(at, address="maya@example.com", wording="News, please", wording_version="v3")
    return consent.request_double_opt_in(
        profile_id=profile.pk, channel="email", topics=topics, statement=statement, now=at, **values
    )


def token():
    opt_in = OptInRequest.objects.latest("id")
    return links.confirm_url(doors_url="", opt_in=opt_in.public_id).partition("/")[2]


def confirm(at=NOON + HOUR, which=None):
    return consent.confirm(token=which or token(), ip_address="203.0.113.7", now=at)


def test_a_wish_is_pending_and_asks_for_a_confirmation_message(maya):
    (change,) = ask(maya)
    assert change.kind == "opt_in_requested"
    assert change.subject == {"opt_in": OptInRequest.objects.get().public_id}
    assert consent_of(maya) == "pending"


def test_confirming_grants_with_the_wording_of_the_wish(maya):
    ask(maya)
    done = confirm()
    assert done.answer == "confirmed"
    assert [change.key for change in done.changes] == [f"consent:{maya.pk}:email:newsletter"]
    assert consent_of(maya) == "granted"
    record = ConsentRecord.objects.get(state="granted")
    assert (record.wording, record.wording_version) == ("News, please", "v3")
    assert (record.source, record.ip_address) == ("double_opt_in", "203.0.113.7")
    assert record.proof["opt_in"] == OptInRequest.objects.get().public_id


def test_a_confirmation_works_once(maya):
    ask(maya)
    confirm()
    consent.withdraw(profile_id=maya.pk, statement=said(NOON + 2 * HOUR), now=NOON)
    assert confirm(NOON + 3 * HOUR).answer == "already"
    assert consent_of(maya) == "withdrawn"


def test_a_confirmation_expires(maya):
    ask(maya)
    last_moment = NOON + 7 * DAY - timedelta(microseconds=1)
    assert confirm(NOON + 7 * DAY).answer == "expired"
    assert consent_of(maya) == "pending"
    assert confirm(last_moment).answer == "confirmed"


def test_the_shop_says_for_how_long_a_confirmation_is_good(maya):
    ShopSettings.objects.create(values={"consent": {"opt_in_days": 1}}, updated_at=NOON)
    ask(maya)
    assert confirm(NOON + DAY).answer == "expired"


@pytest.mark.parametrize("forged", ["", "1c" + "x" * 20 + "....aaaaaaaaaaaaaaaa"])
def test_a_forged_confirmation_confirms_nothing(maya, forged):
    ask(maya)
    assert confirm(which=forged or "x").answer == "unknown"
    assert consent_of(maya) == "pending"


def test_the_stored_request_alone_confirms_nothing(maya):
    ask(maya)
    assert confirm(which=OptInRequest.objects.get().public_id).answer == "unknown"


def test_one_message_asks_for_several_topics(maya):
    assert len(ask(maya, topics=("newsletter", "cart_reminders"))) == 1
    assert len(confirm().changes) == 2


def test_asking_again_within_the_hour_sends_no_second_message(maya):
    ask(maya)
    assert ask(maya, NOON + HOUR / 2) == []
    assert len(ask(maya, NOON + 2 * HOUR)) == 1


def test_who_agreed_already_is_not_asked(maya):
    consent.grant(
        profile_id=maya.pk, channel="email", topic="newsletter", statement=said(), now=NOON
    )
    assert ask(maya, NOON + HOUR) == []
    assert consent_of(maya) == "granted"
    assert not OptInRequest.objects.exists()


def test_there_must_be_an_address_to_ask(maya):
    with pytest.raises(ValueError, match=r"statement\.address: give the address"):
        consent.request_double_opt_in(
            profile_id=maya.pk, channel="email", topics=["newsletter"], statement=said(), now=NOON
        )
