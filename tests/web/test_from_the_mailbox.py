"""Real messages at a loopback provider, and what a mailbox, a scanner or a person does with their links."""

import re

import pytest
from django.utils import timezone

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.content.operations import ensure_library
from cavaco_plugin.feedback import consequences
from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.models import Message
from tests.consent.sayings import consent_of
from tests.feedback.conftest import mail_server, sendgrid
from tests.outbox.makers import NOON, TOPIC, admit, checkout, person, request
from tests.web.pages import FORM, everything

__all__ = ["mail_server", "sendgrid"]
DOORS = "https://api.alderfinch.example/cavaco"
REMINDERS = ("cart_reminder_1", "cart_reminder_2", "cart_reminder_3")


@pytest.fixture
def cart(shop):
    shop.open_checkouts["cart"] = checkout("cart")
    return {"checkout": "cart"}


def html_of(raw):
    return next(part["value"] for part in raw["content"] if part["type"] == "text/html")


def doors_in(html):
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', html)]
    return [link.removeprefix(DOORS) for link in links if link.startswith(DOORS)]


def test_a_scanner_that_follows_every_link_of_a_hundred_mails_changes_nothing(
    visitor, cart, sendgrid
):
    people = [person() for _ in range(34)]
    admit(*(request(who, template_key=key, subject=cart) for who in people for key in REMINDERS))
    dispatch.release(now=NOON, limit=1000)
    taken = sendgrid.ledger.messages
    assert len(taken) == 102
    before = everything()
    followed = 0
    for each in taken:
        for link in doors_in(html_of(each.raw)):
            followed += 1
            assert visitor.get(link).status_code == 200
            assert visitor.head(link).status_code == 200
    assert followed >= 2 * len(taken)
    assert everything() == before


def test_the_header_of_a_sent_mail_unsubscribes_by_one_click(visitor, cart, sendgrid):
    maya = person()
    admit(request(maya, subject=cart))
    dispatch.release(now=NOON, limit=10)
    (taken,) = sendgrid.ledger.messages
    headers = taken.raw["personalizations"][0]["headers"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.search(r"<(https://[^>]+)>", headers["List-Unsubscribe"])[1].removeprefix(DOORS)
    answer = visitor.post(url, data=headers["List-Unsubscribe-Post"], content_type=FORM)
    assert answer.status_code == 200
    assert consent_of(maya, topic=TOPIC) == "withdrawn"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pl"])
def test_a_double_opt_in_goes_by_mail_and_comes_back_by_its_button(visitor, sendgrid, language):
    now = timezone.now()
    ensure_library(now=now)
    maya = person(email="maya@example.com", consents=False)
    maya.language = language
    maya.save()
    statement = Statement("footer_form", "form:1", now, address="maya@example.com")
    asked = consent.request_double_opt_in(
        profile_id=maya.pk, channel="email", topics=["newsletter"], statement=statement, now=now
    )
    consequences.follow(asked, now=now)
    consequences.follow(asked, now=now)
    dispatch.release(now=now, limit=10)
    (taken,) = sendgrid.ledger.messages
    (link,) = {link for link in doors_in(html_of(taken.raw)) if "/confirm/" in link}
    assert visitor.get(link).status_code == 200
    assert consent_of(maya) == "pending"
    assert visitor.post(link, {"action": "confirm"}).status_code == 200
    assert consent_of(maya) == "granted"
    assert Message.objects.get().state == "accepted"
