from datetime import timedelta

import pytest
from django.utils import timezone

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent import queries
from cavaco_plugin.consent.models import ConsentRecord
from cavaco_plugin.outbox.models import Message
from tests.consent.sayings import consent_of
from tests.outbox.makers import admit, wish
from tests.web.pages import FORM, ONE_CLICK, everything, grant, unsubscribe

BEFORE = timezone.now() - timedelta(hours=1)


def one_click(visitor, url, body=ONE_CLICK):
    return visitor.post(url, data=body, content_type=FORM)


def test_one_click_unsubscribes_at_once(visitor, maya):
    grant(maya, at=BEFORE)
    answer = one_click(visitor, unsubscribe(maya))
    assert (answer.status_code, answer.content) == (200, b"Unsubscribed.\n")
    assert consent_of(maya) == "withdrawn"
    record = ConsentRecord.objects.latest("id")
    assert (record.source, record.channel, record.topic) == ("one_click", "email", "newsletter")
    assert (record.address, record.ip_address) == ("maya@example.com", "127.0.0.1")


def test_one_click_as_a_multipart_form_works_too(visitor, maya):
    grant(maya, at=BEFORE)
    assert visitor.post(unsubscribe(maya), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert consent_of(maya) == "withdrawn"


@pytest.mark.parametrize("body", ["", "List-Unsubscribe=one-click", "List-Unsubscribe=", "a=b"])
def test_any_other_post_changes_nothing_and_is_refused(visitor, maya, body):
    grant(maya, at=BEFORE)
    assert one_click(visitor, unsubscribe(maya), body).status_code == 400
    assert consent_of(maya) == "granted"


def test_one_click_may_come_as_often_as_it_likes(visitor, maya):
    grant(maya, at=BEFORE)
    for _ in range(5):
        assert one_click(visitor, unsubscribe(maya)).status_code == 200
    assert ConsentRecord.objects.filter(state="withdrawn").count() == 1


def test_an_old_link_still_works_after_subscribing_again(visitor, maya):
    url = unsubscribe(maya)
    one_click(visitor, url)
    grant(maya, at=timezone.now())
    one_click(visitor, url)
    assert consent_of(maya) == "withdrawn"


def test_unsubscribing_drops_the_marketing_under_way_and_nothing_else(visitor, maya):
    grant(maya, at=BEFORE, topic="*")
    now = timezone.now()
    soon = {"due_at": now + timedelta(hours=1), "expires_at": now + timedelta(days=2)}
    (news, cart) = admit(
        wish(maya, topic="newsletter", **soon), wish(maya, topic="cart_reminders", **soon), now=now
    )
    one_click(visitor, unsubscribe(maya))
    states = dict(Message.objects.values_list("pk", "state"))
    assert (states[news.pk], states[cart.pk]) == ("dropped", "ready")
    assert Message.objects.get(pk=news.pk).reason == "consent_withdrawn"


def test_the_page_asks_and_names_the_address_only_in_part(visitor, maya):
    answer = visitor.get(unsubscribe(maya))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "m•••@example.com" in page
    assert "maya@example.com" not in page
    assert "News and offers" in page
    assert "Alder &amp; Finch" in page


def test_the_page_unsubscribes_by_its_button_and_offers_to_undo(visitor, maya):
    grant(maya, at=BEFORE)
    url = unsubscribe(maya)
    page = visitor.post(url, {"action": "unsubscribe"}).content.decode()
    assert consent_of(maya) == "withdrawn"
    assert 'value="email/newsletter/"' in page
    undone = visitor.post(url, {"action": "undo", "undo": "email/newsletter/"})
    assert "Subscribed again" in undone.content.decode()
    assert consent_of(maya) == "granted"


def test_leaving_everything_can_be_undone_as_it_was(visitor, maya):
    grant(maya, at=BEFORE)
    grant(maya, at=BEFORE, channel="sms", topic="cart_reminders")
    url = unsubscribe(maya)
    page = visitor.post(url, {"action": "everything"}).content.decode()
    assert (consent_of(maya), consent_of(maya, "sms", "cart_reminders")) == (
        "withdrawn",
        "withdrawn",
    )
    undo = page.partition('name="undo" value="')[2].partition('"')[0]
    visitor.post(url, {"action": "undo", "undo": undo})
    assert (consent_of(maya), consent_of(maya, "sms", "cart_reminders")) == ("granted", "granted")
    assert consent_of(maya, topic="after_purchase") == "withdrawn"


@pytest.mark.parametrize(
    "undo",
    ["sms/newsletter/", "email/after_purchase/", "email/service/", "rubbish", "////", "email/*/"],
)
def test_undo_grants_nothing_that_was_never_granted(visitor, maya, undo):
    visitor.post(unsubscribe(maya), {"action": "unsubscribe"})
    visitor.post(unsubscribe(maya), {"action": "undo", "undo": undo})
    assert not ConsentRecord.objects.filter(state="granted").exists()


def test_undo_never_clears_a_complaint(visitor, maya):
    consent.suppress(channel="email", address="maya@example.com", reason="complaint", now=BEFORE)
    visitor.post(unsubscribe(maya), {"action": "unsubscribe"})
    visitor.post(unsubscribe(maya), {"action": "undo", "undo": "email/newsletter/"})
    asked = ("email", "maya@example.com")
    assert queries.suppressions([asked])[asked] == ("complaint",)


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_link_that_is_not_ours_is_told_so_and_changes_nothing(visitor, maya, method):
    before = everything()
    url = unsubscribe(maya)[:-3] + "abc"
    answer = getattr(visitor, method)(url, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 404
    assert everything() == before


def test_the_link_of_an_erased_person_leads_nowhere(visitor, maya):
    maya.erased_at = BEFORE
    maya.save()
    assert one_click(visitor, unsubscribe(maya)).status_code == 404
    assert not ConsentRecord.objects.exists()


def test_another_method_is_refused_with_what_is_allowed(visitor, maya):
    answer = visitor.put(unsubscribe(maya))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


def test_a_flood_of_posts_through_one_link_is_braked_and_others_are_not(visitor, maya):
    for _ in range(20):
        visitor.post(unsubscribe(maya), {"action": "undo"})
    assert visitor.post(unsubscribe(maya), {"action": "undo"}).status_code == 429
    assert visitor.post(unsubscribe(maya, topic="*"), {"action": "undo"}).status_code == 200
