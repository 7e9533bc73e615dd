import pytest

from cavaco_plugin.consent.declarations import Declaration, UnreadableDeclaration, read


@pytest.mark.parametrize(
    ("value", "channels"),
    [
        ("email", ("email",)),
        ("sms", ("sms",)),
        ("email,sms", ("email", "sms")),
        (" SMS , Email ,", ("email", "sms")),
        ("email,email", ("email",)),
        ("true", ("email",)),
        ("True", ("email",)),
    ],
)
def test_a_declaration_names_channels(value, channels):
    assert read(value) == Declaration(channels=channels)


@pytest.mark.parametrize("value", ["none", "false", " FALSE "])
def test_a_declaration_may_refuse_everything(value):
    assert read(value) == Declaration(refuses=True)


@pytest.mark.parametrize("value", ["", "  ", ","])
def test_an_empty_declaration_says_nothing(value):
    assert read(value) is None


@pytest.mark.parametrize("value", ["email,none", "yes", "email;sms", "fax", "true,sms", "null"])
def test_what_is_not_understood_is_refused_with_the_remedy(value):
    with pytest.raises(UnreadableDeclaration, match="write email, sms, email,sms, true or none"):
        read(value)
