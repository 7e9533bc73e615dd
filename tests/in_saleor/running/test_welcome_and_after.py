"""Welcome after confirmation with consent; after a purchase, unless it was refunded."""

import quopri
import time

QUIET = 5


def by_template(shop, email, prefix):
    return [m for m in shop.messages(email) if m["template"].startswith(prefix)]


def test_a_welcome_waits_for_the_confirmation_of_the_account(shop, saleor, somebody, eventually):
    shop.register(somebody)
    eventually(lambda: shop.knows(somebody), seconds=90, saying="the account")
    time.sleep(QUIET * 3)
    assert by_template(shop, somebody, "welcome") == []
    shop.confirm(somebody, saleor.confirmation_token(somebody))
    messages = eventually(
        lambda: by_template(shop, somebody, "welcome_1"), seconds=90, saying="the welcome"
    )
    assert messages[0]["channel"] == "email"


def test_a_fulfilled_order_is_followed_up(shop, somebody, eventually):
    order = shop.buy(somebody, allows="email")
    shop.fulfil(order)
    eventually(
        lambda: [
            m
            for m in by_template(shop, somebody, "post_purchase_1")
            if m["state"] in ("ACCEPTED", "DELIVERED")
        ],
        seconds=120,
        saying="the follow-up",
    )


def test_a_refunded_order_is_not(shop, somebody, eventually):
    order = shop.buy(somebody, allows="email")
    shop.fulfil(order)
    shop.refund(order)
    time.sleep(QUIET * 6)
    sent = [
        m
        for m in by_template(shop, somebody, "post_purchase")
        if m["state"] in ("ACCEPTED", "DELIVERED")
    ]
    assert sent == []


def test_one_click_in_the_mail_ends_it(shop, somebody, eventually, mails_to, one_click):
    shop.start_checkout(somebody, allows="email")
    reminder = eventually(
        lambda: [
            m for m in mails_to(somebody) if b"sample.example/cart/" in quopri.decodestring(m.raw)
        ],
        seconds=90,
        saying="the first reminder",
    )[0]
    assert one_click(reminder) == 200
    time.sleep(QUIET * 5)
    sent = [m for m in by_template(shop, somebody, "cart_reminder") if m["state"] == "ACCEPTED"]
    assert len(sent) == 1
