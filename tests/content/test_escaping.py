"""Whatever a customer, a product or a shop is called: it is text, and stays where it was put."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavaco_plugin.content.escaping import _portable, html_text
from cavaco_plugin.content.render import render_email, render_sms
from cavaco_plugin.content.samples import sample_variables
from cavaco_plugin.content.variables import LINE, SCHEMA

NASTY = [
    '"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>", "--><b>", "]]>", "<!--", "</style><script>",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "{{ shop.name }}", "{% if x %}",
    "red;background:url(https://evil.example)", "&quot;", "&#34; onclick=x", "a\r\nBcc: victim@example.com", "%s %d",
    "https://ok.example/\" onclick=\"x", "\u202eevil", "\x00", "`", "[[subject]]", "qzlq1qz",
]  # fmt: skip
# A visible first letter, so that no value is blank and every condition answers as in the sample.
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=40)).map(lambda text: "x" + text)
links = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=40), st.just("https://ok.example/?a=1&b=2")
)


class Skeleton(HTMLParser):
    """The tags and attribute names of a page, and where it leads."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.styles = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        self.styles += [value for name, value in attrs if name in {"style", "bgcolor"}]

    def handle_endtag(self, tag):
        self.tags.append(("/" + tag, ()))


def value_for(variable):
    return (
        links
        if variable.kind == "url"
        else st.integers(1, 99)
        if variable.kind == "number"
        else texts
    )


lines = st.lists(
    st.fixed_dictionaries({name: value_for(variable) for name, variable in LINE.items()}),
    min_size=3,
    max_size=3,
)
hostile = st.fixed_dictionaries(
    {
        group: st.fixed_dictionaries(
            {
                name: lines if field.kind == "lines" else value_for(field)
                for name, field in fields.items()
            }
        )
        for group, fields in SCHEMA.items()
    }
)


def benign():
    """The sample with everything filled, so that each condition holds."""
    variables = sample_variables("en")
    variables["shop"]["logo_url"] = "https://ok.example/logo.png"
    for group in ("cart", "order"):
        for line in variables[group]["lines"]:
            line["variant"] = "x"
    return variables


def not_blank(variables):
    """Links a condition asks about must not be blank either."""
    for holder in [
        variables["shop"],
        variables["order"],
        *variables["cart"]["lines"],
        *variables["order"]["lines"],
    ]:
        for name in ("logo_url", "url", "image_url"):
            if name in holder and not holder[name].strip():
                holder[name] = "x"
    return variables


@pytest.mark.parametrize(
    "key", ["cart_reminder_1", "post_purchase_1", "welcome_2", "confirm_subscription"]
)
@settings(max_examples=60, deadline=None)
@given(variables=hostile)
def test_no_value_changes_the_structure_of_the_page(library, key, variables):
    expected = Skeleton(render_email(library[key], "en", benign()).html)
    found = Skeleton(render_email(library[key], "en", not_blank(variables)).html)
    assert found.tags == expected.tags
    for link in found.links:
        assert link == "" or link.startswith(("https://", "http://", "mailto:", "tel:"))
    for style in found.styles:
        assert "evil.example" not in style


@settings(max_examples=60, deadline=None)
@given(variables=hostile)
def test_no_value_ends_the_subject_line(library, variables):
    subject = render_email(library["welcome_1"], "en", not_blank(variables)).subject
    assert "\n" not in subject
    assert "\r" not in subject
    assert len(subject.splitlines()) == 1


@settings(max_examples=60, deadline=None)
@given(variables=hostile)
def test_a_text_message_is_one_line(library, variables):
    body = render_sms(library["cart_reminder_sms"], "en", variables).body
    assert len(body.splitlines()) == 1


@given(text=st.text())
def test_the_fast_escape_and_the_portable_one_agree(text):
    assert html_text(text) == _portable(text)


@given(name=texts)
def test_the_plain_text_shows_a_name_as_it_is(library, name):
    variables = benign()
    variables["cart"]["lines"][0]["name"] = name
    assert (
        f"\n{name}\nx\nQuantity: 2\n"
        in render_email(library["cart_reminder_1"], "en", variables).text
    )


def test_a_brand_colour_that_is_none_becomes_a_neutral_one(library):
    variables = benign()
    variables["shop"]["colour"] = "red;background:url(https://evil.example)"
    html = render_email(library["welcome_1"], "en", variables).html
    assert "evil.example" not in html
    assert 'bgcolor="#27272a"' in html


def test_two_outputs_in_one_link_cannot_smuggle_a_scheme(compiled_email):
    compiled = compiled_email(
        '<mj-text><a href="{{ shop.logo_url }}{{ order.url }}">x</a></mj-text>'
    )
    variables = benign()
    variables["shop"]["logo_url"], variables["order"]["url"] = "", "javascript:alert(1)"
    assert 'href=""' in render_email(compiled, "en", variables).html


def test_the_compiled_form_is_json(library):
    for compiled in library.values():
        assert json.loads(json.dumps(compiled)) == compiled
