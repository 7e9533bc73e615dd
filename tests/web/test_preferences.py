from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import ConsentRecord, OptInRequest
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.store.models import ShopSettings
from tests.consent.sayings import consent_of
from tests.outbox.makers import admit, person, published, wish
from tests.web.pages import everything, grant, preferences

BEFORE = timezone.now() - timedelta(hours=1)
# Half past eleven at night in Berlin, and already tomorrow there in an hour.
LATE = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)


def save(visitor, profile, *ticked, channel="email", **values):
    form = {"action": "save", "cap": "none", "pause": "none", "language": "en"} | values
    form |= dict.fromkeys(ticked, "yes")
    return visitor.post(preferences(profile, channel=channel), form)


def text(answer):
    return answer.content.decode()


def test_the_page_shows_what_is_allowed_now(visitor, maya):
    grant(maya, at=BEFORE)
    page = text(visitor.get(preferences(maya)))
    assert 'name="email.newsletter" value="yes" checked' in page
    assert 'name="email.cart_reminders" value="yes">' in page
    assert 'name="sms.newsletter" value="yes">' in page
    assert "service" not in page
    assert "maya@example.com" not in page


def test_a_person_without_a_phone_is_offered_no_text_messages(visitor, db):
    page = text(visitor.get(preferences(person(consents=False))))
    assert "email.newsletter" in page
    assert "sms.newsletter" not in page


def test_ticks_are_kept_with_the_words_they_stood_beside(visitor, maya):
    grant(maya, at=BEFORE)
    answer = save(visitor, maya, "email.cart_reminders", "sms.newsletter")
    assert (answer.status_code, answer["Location"]) == (303, "?note=saved")
    assert consent_of(maya) == "withdrawn"
    assert consent_of(maya, topic="cart_reminders") == "granted"
    assert consent_of(maya, "sms") == "granted"
    record = ConsentRecord.objects.get(topic="cart_reminders")
    assert record.wording.startswith("What may we send? News and offers: New arrivals")
    assert (record.source, record.wording_version) == ("preference_page", "en")


def test_saving_the_page_as_it_is_records_nothing(visitor, maya):
    grant(maya, at=BEFORE)
    save(visitor, maya, "email.newsletter")
    assert ConsentRecord.objects.count() == 1


def test_unticking_drops_what_is_under_way(visitor, maya):
    grant(maya, at=BEFORE)
    now = timezone.now()
    due = {"due_at": now + timedelta(hours=1), "expires_at": now + timedelta(days=2)}
    admit(wish(maya, topic="newsletter", **due), now=now)
    save(visitor, maya)
    message = Message.objects.get()
    assert (message.state, message.reason) == ("dropped", "consent_withdrawn")


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [("1_7", {"messages": 1, "days": 7}), ("1_30", {"messages": 1, "days": 30}), ("none", None)],
)
def test_a_cap_of_ones_own_is_kept(visitor, maya, chosen, kept):
    save(visitor, maya, cap=chosen)
    maya.refresh_from_db()
    assert maya.personal_cap == kept


def test_a_cap_that_the_page_does_not_offer_is_shown_and_stays(visitor, maya):
    maya.personal_cap = {"messages": 4, "days": 9}
    maya.save()
    assert "At most 4 in 9 days" in text(visitor.get(preferences(maya)))
    save(visitor, maya, cap="4_9")
    maya.refresh_from_db()
    assert maya.personal_cap == {"messages": 4, "days": 9}


def test_a_pause_ends_at_the_start_of_the_persons_own_day(visitor, maya):
    maya.time_zone, maya.language = "Europe/Berlin", "en-GB"
    maya.save()
    with time_machine.travel(LATE, tick=False):
        page = text(visitor.get(preferences(maya)))
        save(visitor, maya, pause="7")
    maya.refresh_from_db()
    assert "One week, until 25 November 2026" in page
    assert maya.paused_until == datetime(2026, 11, 24, 23, 0, tzinfo=UTC)


def test_a_pause_is_kept_by_saving_again_and_ended_by_choosing_none(visitor, maya):
    save(visitor, maya, pause="30")
    maya.refresh_from_db()
    until = maya.paused_until
    save(visitor, maya, pause="keep")
    maya.refresh_from_db()
    assert maya.paused_until == until
    save(visitor, maya, pause="none")
    maya.refresh_from_db()
    assert maya.paused_until is None


def test_the_language_is_kept_and_the_page_speaks_it(visitor, maya):
    save(visitor, maya, language="pl")
    maya.refresh_from_db()
    assert maya.language == "pl"
    answer = visitor.get(preferences(maya))
    assert answer["Content-Language"] == "pl"
    assert "Co możemy wysyłać?" in text(answer)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pl"])
def test_a_regional_language_is_spoken_and_kept_with_its_region(visitor, maya, language):
    maya.language = f"{language}-XX"
    maya.save()
    assert visitor.get(preferences(maya))["Content-Language"] == language
    save(visitor, maya, language=language)
    maya.refresh_from_db()
    assert maya.language == f"{language}-XX"


def test_a_person_without_a_language_gets_that_of_the_browser(visitor, maya):
    maya.language = ""
    maya.save()
    answer = visitor.get(preferences(maya), HTTP_ACCEPT_LANGUAGE="ja, fr-CA;q=0.8, en;q=0.5")
    assert answer["Content-Language"] == "fr"


@pytest.mark.parametrize(
    "values",
    [
        {"cap": "0_7"},
        {"cap": "99_1"},
        {"cap": ""},
        {"pause": "100000"},
        {"pause": "keep"},
        {"language": "xx"},
        {"language": "<script>"},
    ],
)
def test_what_the_page_did_not_offer_is_refused_and_nothing_is_kept(visitor, maya, values):
    grant(maya, at=BEFORE)
    before = everything()
    answer = save(visitor, maya, **values)
    assert answer.status_code == 400
    assert "Not saved" in text(answer)
    assert everything() == before


def test_a_note_in_the_address_is_one_of_ours_or_none(visitor, maya):
    assert "Saved." in text(visitor.get(preferences(maya) + "?note=saved"))
    page = text(visitor.get(preferences(maya) + "?note=<b>You+won</b>"))
    assert "won" not in page


def test_everything_ends_with_one_button(visitor, maya):
    grant(maya, at=BEFORE, topic="*")
    grant(maya, at=BEFORE, channel="sms")
    answer = visitor.post(preferences(maya), {"action": "everything"})
    assert answer.status_code == 303
    assert (consent_of(maya), consent_of(maya, "sms")) == ("withdrawn", "withdrawn")


def test_a_blocked_address_is_told_and_a_tick_does_not_unblock_it(visitor, maya):
    consent.suppress(channel="email", address="maya@example.com", reason="complaint", now=BEFORE)
    page = text(visitor.get(preferences(maya)))
    assert "gets no marketing at present" in page
    assert "help@alderfinch.example" in page
    save(visitor, maya, "email.newsletter")
    assert "gets no marketing at present" in text(visitor.get(preferences(maya)))


def test_a_double_opt_in_is_asked_for_the_channel_one_did_not_come_through(visitor, maya):
    published("confirm_subscription_sms")
    ShopSettings.objects.create(
        values={"consent": {"double_opt_in": ["email", "sms"]}}, updated_at=BEFORE
    )
    answer = save(visitor, maya, "email.newsletter", "sms.newsletter", "sms.cart_reminders")
    assert answer["Location"] == "?note=confirm_sent"
    assert (consent_of(maya), consent_of(maya, "sms")) == ("granted", "pending")
    opt_in = OptInRequest.objects.get()
    assert (opt_in.channel, opt_in.address) == ("sms", "+447700900123")
    message = Message.objects.get()
    assert message.template_key == "confirm_subscription_sms"
    assert message.subject == {"opt_in": opt_in.public_id}


def test_who_left_all_texts_and_comes_back_is_asked_by_text(visitor, maya):
    published("confirm_subscription_sms")
    ShopSettings.objects.create(values={"consent": {"double_opt_in": ["sms"]}}, updated_at=BEFORE)
    visitor.post(preferences(maya), {"action": "everything"})
    save(visitor, maya, "sms.newsletter")
    assert consent_of(maya, "sms") == "pending"
    assert Message.objects.get().state == "ready"


def test_the_shops_words_are_escaped(visitor, maya, shop):
    shop.identity = replace(
        shop.identity,
        name="<i>Shop</i>",
        postal_address="<script>1</script>",
        colour="red;}</style>",
    )
    page = text(visitor.get(preferences(maya)))
    assert "<i>Shop" not in page
    assert "<script" not in page
    assert "red;" not in page
