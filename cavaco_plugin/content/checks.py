"""What a merchant should know before a template goes to everybody.

An ``error`` keeps a template from being published; a ``warning`` is advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cavaco_plugin.channels.sms.segments import count_segments
from cavaco_plugin.content.errors import RenderFailed
from cavaco_plugin.content.promotion import promotional_words
from cavaco_plugin.content.render import render_email, render_preheader, render_sms
from cavaco_plugin.content.samples import sample_variables
from cavaco_plugin.content.variables import Variables

# Gmail cuts a mail off here, and with it the unsubscribe link at its end.
CLIPPED_ABOVE = 102 * 1024
LONGEST_SUBJECT, LONGEST_PREHEADER = 60, 110
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"\balt=([\"'])(.*?)\1")


@dataclass(frozen=True, slots=True)
class Finding:
    severity: Literal["error", "warning"]
    code: str
    field: str
    message: str
    remedy: str


def check_template(
    compiled: Mapping[str, Any], *, variables: Mapping[str, Variables] | None = None
) -> list[Finding]:
    """Findings in every language, seen with `variables` by language or with sample data."""
    findings: list[Finding] = []
    for language, parts in compiled["languages"].items():
        seen_with = (variables or {}).get(language) or sample_variables(language)
        check = _email if compiled["channel"] == "email" else _sms
        try:
            findings += check(compiled, language, seen_with)
        except RenderFailed as error:
            findings.append(_not_rendered(error, language))
        if compiled["purpose"] == "transactional":
            findings += _promotion(parts, language)
    return findings


def _not_rendered(error: RenderFailed, language: str) -> Finding:
    field = "body" if error.part in {"html", "text"} else f"strings.{language}.{error.part}"
    remedy = "Print only variables that every person has; loop over lines only."
    return Finding(
        "error", "cannot_render", field, f"It cannot be rendered: {error.detail}.", remedy
    )


def _email(compiled: Mapping[str, Any], language: str, variables: Variables) -> Iterator[Finding]:
    content = render_email(compiled, language, variables)
    preheader = render_preheader(compiled, language, variables)
    size = len(content.html.encode())
    if size > CLIPPED_ABOVE:
        said = f"The e-mail has {size // 1024} KB; Gmail cuts it off after 102 KB."
        yield Finding("warning", "clipped", "body", said, "Use fewer sections or fewer lines.")
    yield from _length("subject", content.subject, LONGEST_SUBJECT, language)
    yield from _length("preheader", preheader, LONGEST_PREHEADER, language)
    for image in _IMAGE.findall(content.html):
        alt = _ALT.search(image)
        if alt is None or not alt[2].strip():
            said = "A picture has no alternative text; some people hear the e-mail, and many block pictures."
            yield Finding("warning", "missing_alt", "body", said, 'Give it alt="…".')
    if compiled["purpose"] == "marketing" and variables["links"]["unsubscribe"] not in content.text:
        said = "The marketing e-mail shows no way to unsubscribe to the person in the sample."
        yield Finding(
            "error", "missing_unsubscribe", "body", said, "Take the link out of any condition."
        )


def _length(name: str, text: str, longest: int, language: str) -> Iterator[Finding]:
    field = f"strings.{language}.{name}"
    if not text:
        said = f"The {name} is empty for the person in the sample."
        yield Finding(
            "error", f"empty_{name}", field, said, "Write what everybody gets outside conditions."
        )
    elif len(text) > longest:
        said = f"The {name} has {len(text)} characters; mailboxes show about {longest}."
        yield Finding(
            "warning", f"long_{name}", field, said, "Say the important thing first, in fewer words."
        )


def _sms(compiled: Mapping[str, Any], language: str, variables: Variables) -> Iterator[Finding]:
    segments = count_segments(render_sms(compiled, language, variables).body)
    if segments.count > 1:
        why = f" because of {segments.costly}" if segments.costly else ""
        said = f"The text takes {segments.count} segments ({segments.encoding}{why}); each is paid for."
        remedy = "Avoid the characters named, or say it in fewer words."
        yield Finding("warning", "several_segments", f"strings.{language}.body", said, remedy)


def _promotion(parts: Mapping[str, str], language: str) -> Iterator[Finding]:
    for part in ("subject", "preheader", "text", "body"):
        words = promotional_words(parts.get(part, ""))
        if words:
            field = f"strings.{language}.{'body' if part == 'text' else part}"
            said = f"A transactional message must not advertise, and this says: {', '.join(words)}."
            remedy = "Take it out, or make the template a marketing one."
            yield Finding("error", "promotion_in_transactional", field, said, remedy)
