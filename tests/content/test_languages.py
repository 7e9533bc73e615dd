"""Which language a message is written in."""

import pytest

from cavaco_plugin.content.languages import LanguageChoice, choose_language

FIVE = ("en", "de", "fr", "es", "pl")


@pytest.mark.parametrize(
    ("wishes", "language", "reason"),
    [
        ({"person": "de", "subject": "fr", "sales_channel": "pl"}, "de", "person"),
        ({"person": "", "subject": "fr", "sales_channel": "pl"}, "fr", "checkout_or_order"),
        ({"person": "it", "subject": "", "sales_channel": "pl"}, "pl", "sales_channel"),
        ({"person": "it", "subject": "sv", "sales_channel": "fi"}, "en", "last_resort"),
        ({}, "en", "last_resort"),
        ({"person": "de-AT"}, "de", "person"),
        ({"person": "DE_at"}, "de", "person"),
    ],
)
def test_the_first_wish_the_template_can_fulfil_wins(wishes, language, reason):
    choice = choose_language(FIVE, **wishes)
    assert (choice.language, choice.reason) == (language, reason)


def test_the_choice_says_what_was_passed_over():
    assert choose_language(FIVE, person="it", subject="fr-CH") == LanguageChoice(
        language="fr", locale="fr-ch", reason="checkout_or_order", passed_over=(("person", "it"),)
    )


def test_a_region_of_its_own_comes_before_its_base():
    assert choose_language(("pt", "pt-br"), person="pt_BR").language == "pt-br"
    assert choose_language(("pt", "pt-br"), person="pt-PT").language == "pt"


def test_a_template_in_polish_only_goes_out_in_polish_and_says_why():
    choice = choose_language(("pl",), person="de")
    assert (choice.language, choice.reason) == ("pl", "only_available")
    assert choice.passed_over == (("person", "de"), ("last_resort", "en"))


def test_a_template_without_any_language_is_an_error():
    with pytest.raises(ValueError, match="no language"):
        choose_language(())
