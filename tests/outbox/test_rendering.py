"""What a message says: the shop as it is now, and the way out of it."""

from dataclasses import replace

import pytest

from cavaco_plugin.consent.links import Purpose, read
from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.models import Decision, Message
from cavaco_plugin.policy.models import CapRing
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store.snapshots import Buyer
from tests.outbox.makers import (
    HOUR,
    NOON,
    PLAIN_EMAIL,
    admit,
    checkout,
    line,
    order,
    person,
    published,
    request,
    wish,
)

pytestmark = [pytest.mark.django_db]


def reload(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def mail_of(server) -> dict:
    (taken,) = server.ledger.messages
    return taken.raw


def html_of(mail: dict) -> str:
    return next(part["value"] for part in mail["content"] if part["type"] == "text/html")


def reminder(shop, **changes) -> Message:
    shop.open_checkouts["t1"] = checkout("t1", **changes)
    (message,) = admit(request(person(), subject={"checkout": "t1"}))
    return message


def test_every_marketing_email_can_be_left_with_one_post(shop, sendgrid):
    message = reminder(shop)
    dispatch.release(now=NOON)
    headers = mail_of(sendgrid)["personalizations"][0]["headers"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = headers["List-Unsubscribe"].strip("<>")
    assert url.startswith("https://api.alderfinch.example/cavaco/unsubscribe/")
    claims = read(url.rpartition("/")[2], Purpose.UNSUBSCRIBE)
    assert (claims.subject, claims.channel, claims.topic, claims.message) == (
        message.profile.public_id,
        "email",
        "cart_reminders",
        message.public_id,
    )
    assert url in html_of(mail_of(sendgrid))


def test_a_transactional_email_carries_no_such_header(sendgrid):
    published("plain_email", PLAIN_EMAIL | {"purpose": "transactional"})
    (message,) = admit(wish(person(consents=False), purpose="transactional", topic="service"))
    assert dispatch.release(now=NOON).accepted == 1, message.reason
    assert "headers" not in mail_of(sendgrid)["personalizations"][0]


def test_a_reminder_shows_the_cart_as_it_is_when_it_is_sent(shop, sendgrid):
    reminder(shop)
    shop.open_checkouts["t1"] = checkout(
        "t1", lines=(line("Linen tea towel", quantity=3),), total="42.00"
    )
    dispatch.release(now=NOON)
    html = html_of(mail_of(sendgrid))
    assert "Linen tea towel" in html
    assert "Stoneware mug" not in html
    assert "£42.00" in html
    assert "https://alderfinch.example/cart/Q2hlY2tvdXQ6dDE=" in html
    assert "https://alderfinch.example/p/stoneware-mug" in html


def test_what_is_sold_out_is_left_out_and_not_added_up(shop, sendgrid):
    sold_out = line("Linen tea towel", is_available=False)
    reminder(shop, lines=(line(quantity=1), sold_out), total="42.00")
    dispatch.release(now=NOON)
    html = html_of(mail_of(sendgrid))
    assert "Linen tea towel" not in html
    assert "£14.00" in html
    assert "£42.00" not in html


@pytest.mark.parametrize("lines", [(), (line(is_available=False),), (line(quantity=0),)])
def test_nobody_is_reminded_of_an_empty_cart(shop, sendgrid, lines):
    message = reminder(shop, lines=lines)
    assert dispatch.release(now=NOON).dropped == 1
    row = reload(message)
    assert (row.state, row.reason, row.cap_entry) == ("dropped", "checkout_gone", None)
    assert Decision.objects.filter(
        message=row, stage="render", verdict="drop", reason="checkout_gone"
    ).exists()
    assert CapRing.objects.get().sends == []
    assert sendgrid.ledger.messages == []


def test_nobody_is_reminded_of_a_cart_that_the_shop_deleted(shop, sendgrid):
    message = reminder(shop)
    del shop.open_checkouts["t1"]
    dispatch.release(now=NOON)
    assert reload(message).reason == "checkout_gone"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_refunded": True}, "order_refunded"),
        ({"is_cancelled": True}, "order_cancelled"),
        (None, "order_gone"),
    ],
)
def test_no_thanks_for_an_order_that_no_longer_stands(shop, sendgrid, changes, reason):
    maya = person()
    maya.consent_states.update(topic="after_purchase")
    if changes is not None:
        shop.placed["o1"] = order("o1", **changes)
    (message,) = admit(
        request(
            maya, topic="after_purchase", template_key="post_purchase_1", subject={"order": "o1"}
        )
    )
    dispatch.release(now=NOON)
    assert reload(message).reason == reason


def test_a_message_is_written_in_the_persons_language(shop, sendgrid):
    message = reminder(shop)
    Profile.objects.update(language="de-AT")
    dispatch.release(now=NOON)
    assert reload(message).language == "de"
    assert 'lang="de"' in html_of(mail_of(sendgrid))


def test_a_person_without_a_language_is_written_to_in_that_of_the_checkout(shop, sendgrid):
    message = reminder(shop, buyer=Buyer(email="maya@example.com", language="fr"))
    Profile.objects.update(language="")
    dispatch.release(now=NOON)
    assert reload(message).language == "fr"


def test_a_template_that_cannot_be_filled_fails_alone(sendgrid):
    broken = dict(
        PLAIN_EMAIL, checksum="broken", languages={"en": {**PLAIN_EMAIL["languages"]["en"]}}
    )
    broken["languages"]["en"]["html"] = "{{ order.number }}"
    published("broken", broken)
    maya, ben = person(), person()
    bad, good = admit(request(maya, template_key="broken"), wish(ben))
    report = dispatch.release(now=NOON)
    assert (report.accepted, report.failed) == (1, 1)
    assert (reload(bad).state, reload(bad).reason) == ("failed", "render_failed")
    assert reload(good).state == "accepted"
    detail = Decision.objects.get(message=bad, stage="render").inputs["detail"]
    assert "order" in detail
    assert CapRing.objects.get(profile=maya).sends == []


def test_a_shop_without_a_sender_address_waits_for_one(shop, sendgrid):
    shop.identity = replace(shop.identity, sender_email="")
    (message,) = admit(wish(person()))
    assert dispatch.release(now=NOON).retried == 1
    row = reload(message)
    assert (row.state, row.reason) == ("ready", "channel_off")
    shop.identity = replace(shop.identity, sender_email="hello@alderfinch.example")
    assert dispatch.release(now=NOON + HOUR).accepted == 1


def test_an_opt_in_is_confirmed_from_the_address_that_asked(shop, sendgrid):
    from cavaco_plugin.consent.models import OptInRequest

    maya = person(email="maya@example.com", consents=False)
    opt_in = OptInRequest.objects.create(
        profile=maya,
        channel="email",
        topics=["newsletter"],
        address="other@example.com",
        created_at=NOON,
        expires_at=NOON + HOUR,
    )
    admit(
        request(
            maya,
            purpose="transactional",
            topic="service",
            template_key="confirm_subscription",
            subject={"opt_in": opt_in.public_id},
        )
    )
    assert dispatch.release(now=NOON).accepted == 1
    (taken,) = sendgrid.ledger.messages
    assert taken.address == "other@example.com"
    assert f"/cavaco/confirm/1c{opt_in.public_id}" in html_of(taken.raw)
