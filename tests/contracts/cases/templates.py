"""Templates that must not be published: `given` is the template's key and its source."""

from typing import Any

from tests.contracts.table import Bad

STRINGS = {"subject": "Your cart", "preheader": "It waits for you", "headline": "Hello"}
BODY = "<mj-text>[[headline]]</mj-text>"


def mail(body: Any = BODY, *, key: str = "reminder", **strings: Any) -> tuple[str, Any]:
    texts = {name: text for name, text in {**STRINGS, **strings}.items() if text is not None}
    return key, {"layout": "shop", "body": body, "strings": {"en": texts}}


def said(text: str, *, key: str = "reminder") -> tuple[str, Any]:
    return mail(f"<mj-text>{text}</mj-text>", key=key)


def sms(body: Any) -> tuple[str, Any]:
    return "text", {"strings": {"en": {"body": body}}}


def changed(**changes: Any) -> tuple[str, Any]:
    return "reminder", {**mail()[1], **changes}


EN = "strings.en"

CASES = [
    # what, given, field, code, remedy
    Bad("unknown template", ("poem", mail()[1]), "key", "unknown_template", "Choose one of: receipt, reminder, text"),
    Bad("key with a NUL", ("a\x00", mail()[1]), "key", "unknown_template", "Choose one of: receipt, reminder, text"),
    Bad("no object", ("reminder", ["x"]), "source", "wrong_type", 'Give {"strings"'),
    Bad("nothing", ("reminder", None), "source", "wrong_type", 'Give {"strings"'),
    Bad("unknown part", changed(css="x"), "css", "unknown_value", "Choose one of: body, layout, strings"),
    Bad("layout of an SMS", ("text", {"layout": "shop", "strings": {"en": {"body": "x"}}}), "layout", "unknown_value", "Choose one of: strings"),
    Bad("no body", changed(body=None), "body", "missing_text", "Write one"),
    Bad("body of numbers", changed(body=5), "body", "missing_text", "Write one"),
    Bad("endless body", changed(body="x" * 100_001), "body", "too_large", "Keep it to 100,000"),
    Bad("no languages", changed(strings={}), "strings", "missing_language", 'such as {"en": {…}}'),
    Bad("unknown language", changed(strings={"Deutsch": STRINGS}), "strings.Deutsch", "unknown_language", "such as de or pt-br"),
    Bad("language no object", changed(strings={"en": "Hi"}), EN, "wrong_type", 'Give {"subject"'),
    Bad("language a number", changed(strings={5: STRINGS}), "strings", "wrong_type", "Write names as texts"),
    Bad("no subject", mail(subject=None), f"{EN}.subject", "missing_subject", "Write a subject"),
    Bad("blank preheader", mail(preheader="  "), f"{EN}.preheader", "missing_preheader", "Write a preheader"),
    Bad("subject with a NUL", mail(subject="Your\x00cart"), f"{EN}.subject", "bad_text", "Take it out"),
    Bad("subject cut in a sign", mail(subject="Cart \ud83d"), f"{EN}.subject", "bad_text", "Take it out"),
    Bad("text no text", mail(headline=5), f"{EN}.headline", "missing_text", "Write one"),
    Bad("endless text", mail(headline="x" * 4_001), f"{EN}.headline", "too_large", "Keep it to 4,000"),
    Bad("odd name of a text", mail(**{"Big-Title": "x"}), f"{EN}.Big-Title", "wrong_name", "Use lower-case letters"),
    Bad("text that is not there", said("[[headlin]]"), f"{EN}.headlin", "missing_string", "use one of: headline"),
    Bad("unknown block", mail("[[> prices of=cart]]"), "body", "unknown_block", "Choose one of: "),
    Bad("unknown layout", changed(layout="fancy"), "layout", "unknown_layout", "Choose one of: confirm, order, shop"),
    Bad("marketing in a layout without a way out", changed(layout="order"), "body", "missing_unsubscribe", "Use the layout 'shop'"),
    Bad("way out on a condition", changed(layout="order", body='<mj-text>{% if person.first_name == "Zed" %}<a href="{{ links.unsubscribe }}">out</a>{% endif %}{{ shop.address }}</mj-text>'), "body", "missing_unsubscribe", "Take the link out of any condition"),
    Bad("unknown variable", said("{{ shop.nam }}"), "body", "unknown_variable", "Near names: shop.name"),
    Bad("variable of another shop's software", said("{{ x.y }}"), "body", "unknown_variable", "Variables begin with"),
    Bad("unknown filter", said("{{ shop.name | upcas }}"), "body", "unknown_filter", "Use one of: upcase"),
    Bad("unknown tag", said("{% while true %}x{% endwhile %}"), "body", "liquid_syntax", "Tags are: "),
    Bad("block without an end", said("{% if shop.name != blank %}x"), "body", "liquid_syntax", "each block needs its end tag"),
    Bad("condition that is always true", said("{% if person.first_name %}x{% endif %}"), "body", "always_true", "Write 'person.first_name != blank'"),
    Bad("list as text", said("{{ cart.lines }}"), "body", "list_as_text", "Loop over it"),
    Bad("HTML inside Liquid", said("{{ '<b>' }}"), "body", "html_in_liquid", "Put the HTML outside"),
    Bad("unclosed element", mail("<mj-text>Hello"), "body", "mjml", "Close every element"),
    Bad("unknown element", mail("<mj-txt>Hello</mj-txt>"), "body", "unknown_mjml", "Check its spelling"),
    Bad("script", said("<script>x()</script>"), "body", "active_content", "Take it out"),
    Bad("form", said("<form></form>"), "body", "active_content", "Take it out"),
    Bad("table in a text", mail(headline="<table></table>"), f"{EN}.headline", "forbidden_html", "put larger things into the body"),
    Bad("variable in a style", said('<b style="width:{{ shop.name }}">b</b>'), "body", "style_variable", "colour"),
    Bad("block torn over rows", mail("<mj-table><tr>{% for line in cart.lines %}<td>x</td></tr>{% endfor %}</mj-table>"), "body", "torn_block", "inside the same <tbody>"),
    Bad("advertising in a receipt", said("Save 20 % with the code AUTUMN, our sale ends today!", key="receipt"), f"{EN}.body", "promotion_in_transactional", "make the template a marketing one"),
    Bad("SMS without words", sms(""), f"{EN}.body", "missing_body", "Write a body"),
    Bad("unknown variable in an SMS", sms("{{ cart.link }}"), f"{EN}.body", "unknown_variable", "Near names: cart.lines"),
]  # fmt: skip
