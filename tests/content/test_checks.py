"""What a merchant hears before a template goes to everybody."""

from cavaco_plugin.content.catalogue import kit
from cavaco_plugin.content.checks import check_template
from cavaco_plugin.content.compile import compile_template
from cavaco_plugin.content.samples import sample_variables


def codes(compiled, **more):
    return [
        (finding.severity, finding.code, finding.field)
        for finding in check_template(compiled, **more)
    ]


def sms(body, purpose="marketing"):
    return compile_template(
        source={"strings": {"en": {"body": body}}}, channel="sms", purpose=purpose, kit=kit()
    )


def test_a_picture_without_words_is_a_warning(compiled_email):
    compiled = compiled_email('<mj-text>x<img src="https://a.example/x.png" /></mj-text>')
    assert codes(compiled) == [("warning", "missing_alt", "body")]


def test_a_long_subject_and_preheader_are_warnings(compiled_email):
    compiled = compiled_email(subject="s" * 61, preheader="p" * 111)
    assert codes(compiled) == [
        ("warning", "long_subject", "strings.en.subject"),
        ("warning", "long_preheader", "strings.en.preheader"),
    ]


def test_a_subject_that_is_empty_for_somebody_is_an_error(compiled_email):
    compiled = compiled_email(subject="{% if person.first_name == 'Ada' %}Hi{% endif %}")
    assert codes(compiled) == [("error", "empty_subject", "strings.en.subject")]


def test_an_email_that_mailboxes_would_cut_off_is_a_warning(compiled_email):
    compiled = compiled_email(
        "<mj-text>{% for line in cart.lines %}{{ line.name }}{% endfor %}</mj-text>"
    )
    variables = sample_variables("en")
    variables["cart"]["lines"][0]["name"] = "x" * 103 * 1024
    assert codes(compiled, variables={"en": variables}) == [("warning", "clipped", "body")]


def test_an_unsubscribe_link_that_only_some_see_is_an_error(compiled_email):
    way_out = (
        '<mj-text>{% if person.first_name == "Ada" %}{{ links.unsubscribe }}{% endif %}</mj-text>'
    )
    compiled = compiled_email(way_out, layout="order", purpose="marketing")
    assert ("error", "missing_unsubscribe", "body") in codes(compiled)


def test_advertising_in_a_transactional_message_is_an_error(compiled_email):
    compiled = compiled_email("<mj-text>Your order left. 20 % discount on the next one!</mj-text>")
    findings = check_template(compiled)
    assert [finding.code for finding in findings] == ["promotion_in_transactional"]
    assert "20 %, discount" in findings[0].message


def test_a_product_named_like_an_offer_is_no_advertising(compiled_email):
    variables = sample_variables("en")
    variables["order"]["number"] = "RABATT-50%"
    compiled = compiled_email("<mj-text>Order {{ order.number }}</mj-text>")
    assert codes(compiled, variables={"en": variables}) == []


def test_the_same_words_in_a_marketing_message_are_fine():
    assert codes(sms("20% off today")) == []


def test_a_text_in_two_segments_is_a_warning_that_names_the_cause():
    (finding,) = check_template(sms("Zażółć gęślą jaźń, " * 4))
    assert finding.code == "several_segments"
    assert "UCS-2 because of żółćęśąźń" in finding.message


def test_liquid_that_fails_for_the_sample_is_an_error(compiled_email):
    compiled = compiled_email(
        "<mj-text>{% for a in cart.lines %}{% for b in cart.lines %}{% for c in cart.lines %}"
        "{% for d in cart.lines %}{% for e in cart.lines %}{% for f in cart.lines %}{% for g in cart.lines %}x"
        + "{% endfor %}" * 7
        + "</mj-text>"
    )
    assert codes(compiled) == [("error", "cannot_render", "body")]
