"""What is added to a text message."""

import pytest

from cavaco_plugin.content.sms_body import plain_characters, with_brand_and_opt_out


@pytest.mark.parametrize(
    ("body", "hint", "expected"),
    [
        ("your cart", "Reply STOP", "{{ shop.name }}: your cart Reply STOP"),
        ("your cart", "", "{{ shop.name }}: your cart"),
        ("{{ shop.name }} greets", "Reply STOP", "{{ shop.name }} greets Reply STOP"),
        ("Write STOP to end", "Reply STOP", "{{ shop.name }}: Write STOP to end"),
        (
            "End: {{ links.unsubscribe }}",
            "Reply STOP",
            "{{ shop.name }}: End: {{ links.unsubscribe }}",
        ),
        ("two\n  lines", "", "{{ shop.name }}: two lines"),
    ],
)
def test_brand_and_way_out_are_added_once(body, hint, expected):
    assert with_brand_and_opt_out(body, hint=hint) == expected


def test_typographic_characters_become_plain_ones():
    assert plain_characters("“a” – ‘b’… 12,50\u00a0€ 2\u202f×") == "\"a\" - 'b'... 12,50 € 2 x"
    assert plain_characters("Zażółć Ärger ñ") == "Zażółć Ärger ñ"
