"""Rendering for one person."""

import pytest

from cavaco_plugin.channels.contract import EmailContent, SmsContent
from cavaco_plugin.content import render
from cavaco_plugin.content.errors import RenderFailed
from cavaco_plugin.content.render import render_email, render_preheader, render_sms
from cavaco_plugin.content.samples import sample_variables


def test_an_email_has_a_subject_html_and_text(library):
    mail = render_email(library["cart_reminder_1"], "de", sample_variables("de"))
    assert isinstance(mail, EmailContent)
    assert mail.subject == "Dein Warenkorb wartet auf dich"
    assert mail.text.startswith(
        "Überlegst du noch?\n\nHallo Maya,\n\nwir haben deinen Warenkorb für dich aufgehoben. Lass dir ruhig Zeit: "
        "Mit einem Klick machst du da weiter, wo du aufgehört hast.\n\n"
        "Becher aus Steinzeug\nSalbei\nMenge: 2\n28,00\u00a0€\n\nGeschirrtuch aus Leinen\nMenge: 1\n12,50\u00a0€\n\n"
    )


def test_a_text_message_uses_characters_every_phone_has(library):
    variables = sample_variables("en")
    variables["shop"]["name"] = "Alder’s\u00a0– “Finch”…"
    body = render_sms(library["sms_stopped"], "en", variables)
    assert body == SmsContent(
        'Alder\'s - "Finch"...: you are unsubscribed and will get no more text messages from us.'
    )


def test_a_preheader_is_rendered_for_previews(library):
    assert render_preheader(library["post_purchase_1"], "en", sample_variables("en")) == (
        "Order 1042: what is coming, and where to find help."
    )


@pytest.mark.parametrize("missing", ["cart", "shop", "links"])
def test_a_missing_group_fails_and_is_named(library, missing):
    variables = sample_variables("en")
    del variables[missing]
    with pytest.raises(RenderFailed, match=missing):
        render_email(library["cart_reminder_1"], "en", variables)


def test_a_missing_variable_fails_on_the_slow_way_too(compiled_email):
    compiled = compiled_email("<mj-text>{{ order.number | append: '!' }}</mj-text>")
    variables = sample_variables("en")
    del variables["order"]["number"]
    with pytest.raises(RenderFailed, match="number"):
        render_email(compiled, "en", variables)


def test_a_template_of_more_liquid_than_the_fast_way_knows_renders_too(compiled_email):
    compiled = compiled_email(
        "<mj-text>{% for line in order.lines limit: 2 %}{{ forloop.index }}. {{ line.name | upcase }} {% endfor %}"
        "{% case order.number %}{% when '1042' %}lucky{% endcase %}</mj-text>"
    )
    mail = render_email(compiled, "en", sample_variables("en"))
    assert "1. STONEWARE MUG 2. LINEN TEA TOWEL lucky" in mail.html
    assert "1. STONEWARE MUG 2. LINEN TEA TOWEL lucky" in mail.text


def test_an_email_that_grows_without_end_is_stopped(compiled_email):
    compiled = compiled_email(
        "<mj-text>{% for line in cart.lines %}{{ line.name }}{% endfor %}</mj-text>"
    )
    variables = sample_variables("en")
    variables["cart"]["lines"] = [{"name": "x" * 1_000}] * 1_001
    with pytest.raises(RenderFailed, match="grew"):
        render_email(compiled, "en", variables)


def test_the_parsed_parts_kept_are_bounded(library, monkeypatch):
    monkeypatch.setattr(render, "_CACHED_PARTS", 3)
    render._cache.clear()
    for language in ("en", "de", "fr"):
        render_email(library["welcome_1"], language, sample_variables(language))
    assert [key[1:] for key in render._cache] == [("fr", "subject"), ("fr", "html"), ("fr", "text")]


def test_a_language_the_template_lacks_fails_and_is_named(library):
    with pytest.raises(RenderFailed, match="no 'xx'"):
        render_email(library["welcome_1"], "xx", sample_variables("en"))
