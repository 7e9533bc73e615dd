"""The shipped templates: every one in every language, as a customer would get it."""

import re

import pytest

from cavaco_plugin.channels.sms.segments import count_segments
from cavaco_plugin.consent.topics import TOPICS
from cavaco_plugin.content.catalogue import LANGUAGES, kit, shipped
from cavaco_plugin.content.checks import check_template
from cavaco_plugin.content.promotion import promotional_words
from cavaco_plugin.content.render import render_email, render_sms
from cavaco_plugin.content.samples import sample_variables

EMAILS = [entry.key for entry in shipped() if entry.channel == "email"]
TEXTS = [entry.key for entry in shipped() if entry.channel == "sms"]
BY_KEY = {entry.key: entry for entry in shipped()}
MARKETING_EMAILS = [key for key in EMAILS if BY_KEY[key].purpose == "marketing"]
each_language = pytest.mark.parametrize("language", LANGUAGES)
LEFT_OVER = re.compile(r"\{\{|\{%|\[\[|qzlq|None|Undefined")


def squeezed(text):
    return " ".join(text.split())


@each_language
@pytest.mark.parametrize("key", EMAILS)
def test_an_email_renders_whole(library, key, language):
    variables = sample_variables(language)
    mail = render_email(library[key], language, variables)
    for part in (mail.subject, mail.html, mail.text):
        assert part
        assert not LEFT_OVER.search(part)
    assert f'lang="{language}"' in mail.html
    assert "Alder &amp; Finch, 12 Mill Lane, Leeds LS1 4DY" in mail.html
    assert "Alder & Finch, 12 Mill Lane, Leeds LS1 4DY" in mail.text
    assert "Maya" in mail.html
    assert "Maya" in mail.text
    assert "color-scheme" in mail.html
    assert "prefers-color-scheme: dark" in mail.html
    assert len(mail.html.encode()) < 25_000


@each_language
@pytest.mark.parametrize("key", MARKETING_EMAILS)
def test_a_marketing_email_shows_both_ways_out(library, key, language):
    mail = render_email(library[key], language, sample_variables(language))
    for link in ("https://alderfinch.example/u/9b2m4", "https://alderfinch.example/p/9b2m4"):
        assert f'href="{link}"' in mail.html
        assert link in mail.text


@each_language
@pytest.mark.parametrize("key", EMAILS)
def test_an_email_has_exactly_one_button(library, key, language):
    html = render_email(library[key], language, sample_variables(language)).html
    assert len(re.findall(r'<td[^>]*class="cta"', html)) == 1


@each_language
@pytest.mark.parametrize("key", ["cart_reminder_1", "cart_reminder_2", "cart_reminder_3"])
def test_a_cart_reminder_shows_each_line_with_picture_quantity_and_price(library, key, language):
    variables = sample_variables(language)
    mail = render_email(library[key], language, variables)
    for line in variables["cart"]["lines"]:
        assert f'<img src="{line["image_url"]}" alt="{line["name"]}"' in mail.html
        assert line["total_price"] in mail.html
        assert f"{line['name']}\n" in mail.text
        assert f": {line['quantity']}\n{line['total_price']}\n" in mail.text
    assert f'href="{variables["cart"]["url"]}"' in mail.html
    assert f": {variables['cart']['url']}\n" in mail.text
    assert variables["cart"]["total"] in mail.text


@each_language
@pytest.mark.parametrize("key", EMAILS)
def test_an_email_to_somebody_whose_name_nobody_knows_greets_all_the_same(library, key, language):
    mail = render_email(library[key], language, sample_variables(language, first_name=""))
    assert not LEFT_OVER.search(mail.html)
    assert not re.search(r"(Hi|Hallo|Bonjour|Hola|Cześć) ?[,:!]{2}|Hi ,|, ?[:!]", mail.text)


@each_language
def test_an_order_without_tracking_or_page_leaves_no_hole(library, language):
    variables = sample_variables(language)
    variables["order"] |= {"tracking_number": "", "url": ""}
    for line in variables["order"]["lines"]:
        line.update({"image_url": "", "url": "", "variant": ""})
    mail = render_email(library["post_purchase_1"], language, variables)
    assert "JD0146000038" not in mail.html
    assert 'class="cta"' not in mail.html
    assert "<img" not in mail.html
    assert 'href=""' not in mail.html
    assert "\n\n\n" not in mail.text


@each_language
@pytest.mark.parametrize("key", TEXTS)
def test_a_text_message_begins_with_the_brand_and_fits_one_segment(
    library, key, language, record_property
):
    body = render_sms(library[key], language, sample_variables(language)).body
    segments = count_segments(body)
    print(f"{key:26} {language} {segments.encoding} {segments.units:3} units: {body}")  # noqa: T201 - for pytest -s
    assert body.startswith("Alder & Finch: ")
    assert not LEFT_OVER.search(body)
    assert (segments.encoding, segments.count) == ("GSM-7", 1), segments.costly


@each_language
@pytest.mark.parametrize("key", [key for key in TEXTS if BY_KEY[key].purpose == "marketing"])
def test_a_marketing_text_says_how_to_stop(library, key, language):
    body = render_sms(library[key], language, sample_variables(language)).body
    assert body.endswith(kit().phrases[language]["sms_opt_out"])
    assert "STOP" in body


@pytest.mark.parametrize("key", BY_KEY)
def test_a_shipped_template_passes_its_own_checks(library, key):
    assert check_template(library[key]) == []


@pytest.mark.parametrize("key", BY_KEY)
def test_a_shipped_template_promises_no_discount(library, key):
    for parts in library[key]["languages"].values():
        for name in set(parts) - {"html"}:
            assert promotional_words(parts[name]) == []


def test_every_language_says_the_same_things_with_the_same_variables():
    variable = re.compile(r"\{\{\s*([\w.]+)|\{% if ([\w.]+)")

    def shape(texts):
        return {name: sorted(variable.findall(text)) for name, text in texts.items()}

    for entry in shipped():
        english = shape(entry.source["strings"]["en"])
        for language in LANGUAGES:
            found = shape(entry.source["strings"][language])
            assert found.keys() == english.keys()
            assert {name: set(uses) for name, uses in found.items()} == {
                name: set(uses) for name, uses in english.items()
            }, (entry.key, language)
    phrases = kit().phrases
    assert {language: phrases[language].keys() for language in LANGUAGES} == dict.fromkeys(
        LANGUAGES, phrases["en"].keys()
    )


def test_each_template_belongs_to_a_topic_of_the_same_purpose():
    for entry in shipped():
        assert TOPICS[entry.topic].purpose == entry.purpose, entry.key


def test_a_french_text_keeps_its_punctuation_on_the_line():
    for entry in shipped():
        if entry.channel == "email":
            for text in entry.source["strings"]["fr"].values():
                words = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|https?:|mailto:", "", text)
                assert not re.search(r"(?<![\u00a0 :/])[?!;]|[^\s\u00a0]:\s| [?!;:]", words), text


def test_a_shipped_template_knows_which_variables_it_needs(library):
    assert library["cart_reminder_1"]["groups"] == ["cart", "links", "person", "shop"]
    assert library["sms_stopped"]["groups"] == ["shop"]
