"""The shape of what an author writes, checked before anything is made of it.

E-mail: {"layout": "shop", "body": "<mj-section>…", "strings": {"en": {"subject": …, "preheader": …, …}, …}}
SMS:    {"strings": {"en": {"body": …}, …}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cavaco_plugin.channels.contract import CHANNELS
from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.kernel.storable import fault_in

MAX_BODY, MAX_STRING, MAX_LANGUAGES = 100_000, 4_000, 40
PURPOSES = ("marketing", "transactional")
_NEEDED = {"email": ("subject", "preheader"), "sms": ("body",)}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Source:
    channel: str
    purpose: str
    strings: Mapping[str, Mapping[str, str]]
    layout: str = ""
    body: str = ""


def read_source(source: object, *, channel: str, purpose: str) -> Source:
    """`source` as a value, or TemplateInvalid naming the field."""
    _one_of(channel, CHANNELS, field="channel")
    _one_of(purpose, PURPOSES, field="purpose")
    if not isinstance(source, Mapping):
        raise _invalid("source", "wrong_type", "A template is an object.", 'Give {"strings": {…}}.')
    if fault := fault_in(source):
        raise _invalid(fault.dotted or "source", fault.code, fault.message, fault.remedy)
    allowed = {"strings", "layout", "body"} if channel == "email" else {"strings"}
    for name in source:
        _one_of(name, sorted(allowed), field=str(name))
    strings = _strings(source.get("strings"), needed=_NEEDED[channel])
    if channel == "sms":
        return Source(channel, purpose, strings)
    body = _text(source.get("body"), field="body", limit=MAX_BODY)
    return Source(
        channel,
        purpose,
        strings,
        _text(source.get("layout", "shop"), field="layout", limit=64),
        body,
    )


def _strings(value: object, *, needed: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    if not isinstance(value, Mapping) or not value:
        remedy = 'Give at least one language, such as {"en": {…}}.'
        raise _invalid("strings", "missing_language", "There is no text in any language.", remedy)
    if len(value) > MAX_LANGUAGES:
        raise _invalid(
            "strings",
            "too_large",
            f"There are {len(value)} languages.",
            f"At most {MAX_LANGUAGES}.",
        )
    return {language: _of_language(language, texts, needed) for language, texts in value.items()}


def _of_language(language: object, texts: object, needed: tuple[str, ...]) -> Mapping[str, str]:
    field = f"strings.{language}"
    if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
        remedy = "Use a code in lower case, such as de or pt-br."
        raise _invalid(field, "unknown_language", f"'{language}' is no language.", remedy)
    if not isinstance(texts, Mapping):
        raise _invalid(
            field, "wrong_type", "The texts of a language are an object.", 'Give {"subject": "…"}.'
        )
    for name in needed:
        if not str(texts.get(name, "")).strip():
            raise _invalid(
                f"{field}.{name}", f"missing_{name}", f"The {name} is missing.", f"Write a {name}."
            )
    for name in texts:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            remedy = "Use lower-case letters, digits and underscores."
            raise _invalid(f"{field}.{name}", "wrong_name", f"'{name}' cannot be a name.", remedy)
    return {
        name: _text(text, field=f"{field}.{name}", limit=MAX_STRING) for name, text in texts.items()
    }


def _text(value: object, *, field: str, limit: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _invalid(field, "missing_text", "There is no text.", "Write one.")
    if len(value) > limit:
        raise _invalid(
            field, "too_large", f"It has {len(value):,} characters.", f"Keep it to {limit:,}."
        )
    return value


def _one_of(value: object, allowed: tuple[str, ...] | list[str], *, field: str) -> None:
    if value not in allowed:
        remedy = f"Choose one of: {', '.join(allowed)}."
        raise _invalid(field, "unknown_value", f"'{value}' is not known here.", remedy)


def _invalid(field: str, code: str, message: str, remedy: str) -> TemplateInvalid:
    return TemplateInvalid(field=field, code=code, message=message, remedy=remedy)
