"""Makes of a template's source, once, everything that does not depend on the person.

The result is JSON: per language the Liquid of the subject, the HTML (MJML laid out, styles inlined) and
the plain text, or the body of an SMS. `render.py` only runs that Liquid.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cavaco_plugin.content.assembly import assemble
from cavaco_plugin.content.email_html import to_html
from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.content.kit import Kit
from cavaco_plugin.content.liquid_language import HTML, TEXT
from cavaco_plugin.content.plain_text import to_text
from cavaco_plugin.content.shield import without_remarks
from cavaco_plugin.content.sms_body import with_brand_and_opt_out
from cavaco_plugin.content.source import Source, read_source
from cavaco_plugin.content.structure import check_nesting
from cavaco_plugin.content.validation import parse, validate

FORMAT = 1
MAX_COMPILED = 200_000


def compile_template(
    *, source: Mapping[str, Any], channel: str, purpose: str, kit: Kit
) -> dict[str, Any]:
    """The compiled form of every language, or TemplateInvalid.

    Its ``groups`` are the variables a rendering needs, its ``checksum`` is `checksum_of` the same arguments.
    """
    read = read_source(source, channel=channel, purpose=purpose)
    groups: set[str] = set()
    languages: dict[str, dict[str, str]] = {}
    for language, strings in read.strings.items():
        for name, text in strings.items():
            groups |= validate(text, environment=TEXT, field=f"strings.{language}.{name}")
        build = _email if channel == "email" else _sms
        languages[language], needed = build(read, kit, language)
        groups |= needed
    return {
        "format": FORMAT,
        "channel": channel,
        "purpose": purpose,
        "groups": sorted(groups),
        "languages": languages,
        "checksum": checksum_of(source=source, channel=channel, purpose=purpose, kit=kit),
    }


def checksum_of(*, source: Mapping[str, Any], channel: str, purpose: str, kit: Kit) -> str:
    """The same for the same source and the same shared parts: what tells whether a version is new."""
    shared: dict[str, Any] = {"phrases": dict(kit.phrases)}
    if channel == "email":
        shared |= {"layouts": dict(kit.layouts), "blocks": dict(kit.blocks)}
    value = [FORMAT, channel, purpose, source, shared]
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _email(source: Source, kit: Kit, language: str) -> tuple[dict[str, str], set[str]]:
    validate(source.body, environment=HTML, field="body")
    # Before the layout is around it: an author should read of their own elements only.
    check_nesting(source.body, field="body")
    mjml = without_remarks(
        assemble(
            kit=kit,
            layout=source.layout,
            body=source.body,
            strings=source.strings[language],
            language=language,
        )
    ).replace("<mjml>", f'<mjml lang="{language}">', 1)
    groups = validate(mjml, environment=HTML, field="body")
    html, text = to_html(mjml, field="body"), to_text(mjml, field="body")
    parse(html, environment=HTML, field="body")
    parse(text, environment=TEXT, field="body")
    if len(html) > MAX_COMPILED:
        raise TemplateInvalid(
            field="body",
            code="too_large",
            message=f"The HTML has {len(html):,} characters.",
            remedy=f"Keep it below {MAX_COMPILED:,}: fewer sections, styles in classes.",
        )
    _require_footer(source, html, text)
    strings = source.strings[language]
    plain = {name: strings[name].strip() for name in ("subject", "preheader")}
    return {**plain, "html": html, "text": text}, groups


def _require_footer(source: Source, html: str, text: str) -> None:
    if source.purpose != "marketing":
        return
    for variable, name in (("links.unsubscribe", "unsubscribe"), ("shop.address", "address")):
        if variable not in html or variable not in text:
            raise TemplateInvalid(
                field="body",
                code=f"missing_{name}",
                message=f"A marketing e-mail must show {variable}, in its HTML and in its text.",
                remedy=f"Use the layout 'shop', or put {{{{ {variable} }}}} into the footer.",
            )


def _sms(source: Source, kit: Kit, language: str) -> tuple[dict[str, str], set[str]]:
    body = without_remarks(source.strings[language]["body"])
    hint = kit.phrases_for(language).get("sms_opt_out", "STOP")
    whole = with_brand_and_opt_out(body, hint=hint if source.purpose == "marketing" else "")
    groups = validate(whole, environment=TEXT, field=f"strings.{language}.body")
    return {"body": whole}, groups
