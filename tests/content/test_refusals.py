"""A template that must not be published is refused with the field, a code and what to do."""

import pytest

from cavaco_plugin.content.catalogue import kit
from cavaco_plugin.content.compile import compile_template
from cavaco_plugin.content.errors import TemplateInvalid

GOOD = {"subject": "Hello", "preheader": "There"}
TEXT = "<mj-text>{}</mj-text>"
HELLO, HEADLINE = TEXT.format("Hello"), TEXT.format("[[headline]]")


def email(body=HELLO, purpose="transactional", layout="order", **strings):
    texts = {name: text for name, text in {**GOOD, **strings}.items() if text is not None}
    return {"layout": layout, "body": body, "strings": {"en": texts}}, "email", purpose


def sms(body, purpose="marketing"):
    return {"strings": {"en": {"body": body}}}, "sms", purpose


def said(text):
    return email(TEXT.format(text))


CASES = {
    "no_strings": (({"body": "x"}, "email", "marketing"), "strings", "missing_language"),
    "not_an_object": ((["x"], "email", "marketing"), "source", "wrong_type"),
    "unknown_channel": (({}, "pigeon", "marketing"), "channel", "unknown_value"),
    "unknown_purpose": (({}, "sms", "spam"), "purpose", "unknown_value"),
    "unknown_key": (({**email()[0], "css": "x"}, "email", "marketing"), "css", "unknown_value"),
    "odd_language": (
        ({"strings": {"Deutsch": {"body": "x"}}}, "sms", "marketing"), "strings.Deutsch", "unknown_language",
    ),
    "texts_no_object": (({"strings": {"en": "x"}}, "sms", "marketing"), "strings.en", "wrong_type"),
    "missing_subject": (email(subject=None), "strings.en.subject", "missing_subject"),
    "blank_subject": (email(subject="  "), "strings.en.subject", "missing_subject"),
    "missing_preheader": (email(preheader=None), "strings.en.preheader", "missing_preheader"),
    "missing_sms_body": (({"strings": {"en": {}}}, "sms", "marketing"), "strings.en.body", "missing_body"),
    "odd_string_name": (email(**{"Big-Title": "x"}), "strings.en.Big-Title", "wrong_name"),
    "string_no_text": (email(headline=5), "strings.en.headline", "missing_text"),
    "string_too_large": (email(headline="x" * 4_001), "strings.en.headline", "too_large"),
    "body_too_large": (email("x" * 100_001), "body", "too_large"),
    "no_body": (email(""), "body", "missing_text"),
    "unknown_layout": (email(layout="fancy"), "layout", "unknown_layout"),
    "unknown_block": (email("[[> prices of=cart]]"), "body", "unknown_block"),
    "missing_string": (said("[[headlin]]"), "strings.en.headlin", "missing_string"),
    "unclosed_if": (said("{% if shop.name != blank %}x"), "body", "liquid_syntax"),
    "unclosed_output": (said("{{ shop.name "), "body", "liquid_syntax"),
    "stray_end": (said("{% endfor %}"), "body", "liquid_syntax"),
    "unknown_tag": (said("{% while true %}"), "body", "liquid_syntax"),
    "include": (said("{% include 'x' %}"), "body", "liquid_syntax"),
    "raw": (said("{% raw %}{{ x }}{% endraw %}"), "body", "liquid_syntax"),
    "unclosed_in_subject": (email(subject="{% if shop.name %}"), "strings.en.subject", "liquid_syntax"),
    "deep_nesting": (
        said("{% if shop.name != blank %}" * 12 + "x" + "{% endif %}" * 12), "body", "liquid_syntax",
    ),
    "unknown_variable": (said("{{ shop.nam }}"), "body", "unknown_variable"),
    "unknown_group": (said("{{ customer.name }}"), "body", "unknown_variable"),
    "whole_group": (said("{{ shop }}"), "body", "unknown_variable"),
    "unknown_column": (
        said("{% for line in cart.lines %}{{ line.nmae }}{% endfor %}"), "body", "unknown_variable",
    ),
    "loop_over_nothing": (said("{% for x in cart.items %}{{ x }}{% endfor %}"), "body", "unknown_variable"),
    "attribute_traversal": (said("{{ shop.__class__ }}"), "body", "unknown_variable"),
    "unknown_in_subject": (email(subject="{{ order.numer }}"), "strings.en.subject", "unknown_variable"),
    "unknown_in_sms": (sms("{{ cart.link }}"), "strings.en.body", "unknown_variable"),
    "unknown_filter": (said("{{ shop.name | upcas }}"), "body", "unknown_filter"),
    "safe_filter": (said("{{ shop.name | safe }}"), "body", "unknown_filter"),
    "html_in_liquid": (said("{{ shop.name | append: '<script>1</script>' }}"), "body", "html_in_liquid"),
    "html_in_assign": (said("{% assign a = '<b>' %}{{ a }}"), "body", "html_in_liquid"),
    "html_in_case": (said("{% case shop.name %}{% when 'x' %}{{ '<i>' }}{% endcase %}"), "body", "html_in_liquid"),
    "quote_in_liquid": (said("<b title=\"{{ shop.name | default: '\\\" x' }}\">b</b>"), "body", "html_in_liquid"),
    "list_as_text": (said("{{ cart.lines }}"), "body", "list_as_text"),
    "line_as_text": (said("{% for line in cart.lines %}{{ line }}{% endfor %}"), "body", "list_as_text"),
    "always_true": (said("{% if person.first_name %}x{% endif %}"), "body", "always_true"),
    "always_true_and": (
        said("{% if shop.name != blank and order.url %}x{% endif %}"), "body", "always_true",
    ),
    "unclosed_mjml": (email("<mj-text>Hello"), "body", "mjml"),
    "crossed_mjml": (email("<mj-text>Hello</mj-button>"), "body", "mjml"),
    "unknown_mjml": (email("<mj-txt>Hello</mj-txt>"), "body", "unknown_mjml"),
    "mjml_include": (email('<mj-include path="/etc/passwd" />'), "body", "mjml"),
    "script": (email("<mj-raw><tr><td><script>1</script></td></tr></mj-raw>"), "body", "active_content"),
    "handler": (said('<b onclick="x()">b</b>'), "body", "active_content"),
    "javascript_link": (said('<a href="javascript:x()">b</a>'), "body", "active_content"),
    "form": (said("<form></form>"), "body", "active_content"),
    "iframe": (said('<iframe src="https://x.example"></iframe>'), "body", "active_content"),
    "variable_in_handler": (said('<b onclick="{{ shop.name }}">b</b>'), "body", "active_content"),
    "variable_after_odd_scheme": (said('<a href="ftp:{{ shop.url }}">b</a>'), "body", "unsafe_link"),
    "variable_in_style": (said('<b style="width:{{ shop.name }}">b</b>'), "body", "style_variable"),
    "liquid_in_tag": (
        said('<b {% if shop.name != blank %}class="x"{% endif %}>b</b>'), "body", "liquid_in_tag",
    ),
    "torn_loop": (
        email("<mj-table><tbody><tr>{% for line in cart.lines %}<td>x</td></tr>{% endfor %}</tbody></mj-table>"),
        "body", "torn_block",
    ),
    "loop_around_rows_without_tbody": (
        email("<mj-table>{% for line in cart.lines %}<tr><td>x</td></tr>{% endfor %}</mj-table>"),
        "body", "torn_block",
    ),
    "html_in_string": (email(HEADLINE, headline="<table></table>"), "strings.en.headline", "forbidden_html"),
    "script_in_string": (email(HEADLINE, headline="<script>1</script>"), "strings.en.headline", "forbidden_html"),
    "reserved_text": (said("qzlq1qz"), "body", "reserved_text"),
    "no_unsubscribe": (email(purpose="marketing"), "body", "missing_unsubscribe"),
    "too_large_html": (
        email("<mj-text>x</mj-text>" * 1_500), "body", "too_large",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_bad_template_is_refused_by_field_and_code(name):
    (source, channel, purpose), field, code = CASES[name]
    with pytest.raises(TemplateInvalid) as caught:
        compile_template(source=source, channel=channel, purpose=purpose, kit=kit())
    assert (caught.value.field, caught.value.code) == (field, code), str(caught.value)
    assert caught.value.message
    assert caught.value.remedy


def test_an_unknown_variable_is_named_with_its_neighbours():
    with pytest.raises(TemplateInvalid) as caught:
        compile_template(
            source=said("{{ order.tracking_numbr }}")[0],
            channel="email",
            purpose="transactional",
            kit=kit(),
        )
    assert caught.value.message == "There is no variable 'order.tracking_numbr'."
    assert "order.tracking_number" in caught.value.remedy


def test_a_link_keeps_only_what_a_style_cannot_hold():
    html = compile_template(
        source=said('<a href="mailto:{{ shop.support_email }}">x</a>')[0],
        channel="email",
        purpose="transactional",
        kit=kit(),
    )["languages"]["en"]["html"]
    assert 'href="mailto:{{ shop.support_email | address_part }}"' in html
