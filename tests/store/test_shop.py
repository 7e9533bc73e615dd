"""How the shop introduces itself, and what it is told when it does so wrongly."""

import pytest

from cavaco_plugin.store.shop import identity_of, save_identity, time_zone_of
from cavaco_plugin.store.shop_values import InvalidShop, checked
from tests.store.samples import NOON

DOORS = "https://shop.example/doors/"


@pytest.mark.django_db
def test_a_sales_channel_says_what_differs_and_takes_the_rest_from_the_default():
    save_identity(
        values={"name": "Alder", "colour": "#123456", "time_zone": "Europe/Paris"}, now=NOON
    )
    save_identity(sales_channel="de", values={"name": "Erle", "language": "de"}, now=NOON)
    shop = identity_of(sales_channel="de", doors_url=DOORS)
    assert (shop.name, shop.sender_name, shop.colour) == ("Erle", "Erle", "#123456")
    assert (shop.language, shop.time_zone, shop.doors_url) == ("de", "Europe/Paris", DOORS)
    assert identity_of(sales_channel="fr", doors_url=DOORS).name == "Alder"
    assert (time_zone_of("de"), time_zone_of("")) == ("Europe/Paris", "Europe/Paris")


@pytest.mark.django_db
def test_where_nothing_was_said_the_homes_fallback_stands():
    shop = identity_of(
        sales_channel="x", doors_url=DOORS, fallback_name="Shop", fallback_sender="a@b.cc"
    )
    assert (shop.name, shop.sender_email, shop.colour) == ("Shop", "a@b.cc", "#1f2937")
    assert time_zone_of("x") == ""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("colour", "red", "'red' is no colour. Write it as #1f6f5c."),
        (
            "storefront_url",
            "shop.example",
            "'shop.example' is no web address. Begin it with https://, such as https://shop.example/.",
        ),
        (
            "logo_url",
            "javascript:alert(1)",
            (
                "'javascript:alert(1)' is no web address."
                " Begin it with https://, such as https://shop.example/."
            ),
        ),
        (
            "cart_url",
            "https://shop.example/cart",
            "'https://shop.example/cart' must hold {checkout_id} once and no other braces.",
        ),
        (
            "product_url",
            "https://shop.example/{id}",
            "'https://shop.example/{id}' must hold {slug} once and no other braces.",
        ),
        (
            "sender_email",
            "Alder <a@b.cc>",
            "'Alder <a@b.cc>' is no e-mail address. Write it as hello@shop.example, without a name.",
        ),
        (
            "name",
            "Alder\nBcc: x@y.zz",
            "holds a line break or a control character. Write it in one line.",
        ),
        ("country", "Germany", "'Germany' is no country. Write its two letters, such as DE."),
        ("time_zone", "CET+1", "'CET+1' is no time zone. Write it as Europe/Berlin."),
        (
            "time_zone",
            "../etc/passwd",
            "'../etc/passwd' is no time zone. Write it as Europe/Berlin.",
        ),
        ("language", "German", "'German' is no language. Write it as en or de-AT."),
        ("name", 7, "is no text. Write it in quotation marks."),
    ],
)
def test_a_wrong_value_is_named_with_the_remedy(field, value, message):
    with pytest.raises(InvalidShop) as caught:
        checked({field: value})
    assert caught.value.errors == {field: message}


def test_an_unknown_field_is_named_with_those_there_are():
    with pytest.raises(InvalidShop) as caught:
        checked({"color": "#fff"})
    assert caught.value.errors["color"].startswith("is not known. Use one of name, storefront_url,")
