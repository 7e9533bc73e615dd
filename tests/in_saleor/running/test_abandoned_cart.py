"""Abandoned carts in a running Saleor, from `/graphql/` to the providers."""

import quopri
import time

QUIET = 5


def mails_to(smtp, email):
    return [taken for taken in smtp.ledger.messages if taken.address == email]


def texts_to(twilio, phone):
    return [taken for taken in twilio.ledger.messages if taken.address == phone]


def reminders(shop, email):
    return [m for m in shop.messages(email) if m["template"].startswith("cart_reminder")]


def test_an_abandoned_checkout_becomes_an_email_and_a_text(
    shop, smtp, twilio, somebody, eventually
):
    phone = "+12065550147"
    shop.start_checkout(somebody, phone=phone, allows="email,sms")
    eventually(lambda: mails_to(smtp, somebody), seconds=90, saying="the first reminder")
    eventually(lambda: texts_to(twilio, phone), seconds=90, saying="the text")
    bodies = [quopri.decodestring(mail.raw) for mail in mails_to(smtp, somebody)]
    assert any(b"https://sample.example/cart/" in body for body in bodies)
    assert {m["channel"] for m in reminders(shop, somebody)} >= {"email", "sms"}


def test_completing_the_checkout_before_the_wait_ends_sends_none(shop, smtp, somebody, eventually):
    checkout = shop.start_checkout(somebody, allows="email")
    shop.pay(checkout["id"])
    time.sleep(QUIET * 4)
    assert [m for m in reminders(shop, somebody) if m["state"] != "DROPPED"] == []
    assert not any(b"X-Cavaco" in mail.raw for mail in mails_to(smtp, somebody))


def test_buying_on_another_device_ends_the_flow(shop, smtp, somebody, eventually):
    shop.start_checkout(somebody, allows="email")
    eventually(lambda: reminders(shop, somebody), seconds=90, saying="the first reminder")
    shop.buy(somebody)
    before = len([m for m in reminders(shop, somebody) if m["state"] in ("ACCEPTED", "DELIVERED")])
    time.sleep(QUIET * 5)
    after = [m for m in reminders(shop, somebody) if m["state"] in ("ACCEPTED", "DELIVERED")]
    assert len(after) == before


def test_without_consent_the_message_is_kept_back_and_says_why(shop, smtp, somebody, eventually):
    shop.start_checkout(somebody)
    (first, *_) = eventually(lambda: reminders(shop, somebody), seconds=90, saying="a decision")
    assert (first["state"], first["reason"]) == ("DROPPED", "no_consent")
    assert mails_to(smtp, somebody) == []
