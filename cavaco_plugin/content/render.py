"""Renders one compiled template for one person. Only Liquid runs here, and only what differs is computed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from liquid import Environment
from liquid.exceptions import LiquidError

from cavaco_plugin.channels.contract import EmailContent, SmsContent
from cavaco_plugin.content.errors import RenderFailed
from cavaco_plugin.content.escaping import html_text, plain
from cavaco_plugin.content.liquid_language import HTML, OURS, TEXT
from cavaco_plugin.content.program import build
from cavaco_plugin.content.sms_body import plain_characters
from cavaco_plugin.content.variables import Variables

MAX_OUTPUT = TEXT.output_stream_limit
_CACHED_PARTS = 2_048

Render = Callable[[Variables], str]
_cache: OrderedDict[tuple[str, str, str], Render] = OrderedDict()
_lock = Lock()


def render_email(compiled: Mapping[str, Any], language: str, variables: Variables) -> EmailContent:
    """The e-mail as this person gets it. Raises RenderFailed when a variable is missing."""
    return EmailContent(
        subject=" ".join(_render(compiled, language, "subject", variables).split()),
        html=_render(compiled, language, "html", variables),
        text=_render(compiled, language, "text", variables),
    )


def render_sms(compiled: Mapping[str, Any], language: str, variables: Variables) -> SmsContent:
    """The text message as this person gets it, in characters every phone has where there is a choice."""
    return SmsContent(body=plain_characters(_render(compiled, language, "body", variables)))


def render_preheader(compiled: Mapping[str, Any], language: str, variables: Variables) -> str:
    """The line a mailbox shows after the subject; part of the HTML, here for previews."""
    return " ".join(_render(compiled, language, "preheader", variables).split())


def _render(compiled: Mapping[str, Any], language: str, part: str, variables: Variables) -> str:
    key = (compiled["checksum"], language, part)
    try:
        render = _cache[key]
        _cache.move_to_end(key)
    except KeyError:
        render = _prepared(key, compiled)
    try:
        text = render(variables)
    except (KeyError, TypeError) as error:
        raise RenderFailed(part=part, detail=f"a variable was not given: {error}") from error
    except LiquidError as error:
        raise RenderFailed(part=part, detail=str(error.message)) from error
    if len(text) > MAX_OUTPUT:
        raise RenderFailed(part=part, detail=f"it grew to {len(text):,} characters")
    return text


def _prepared(key: tuple[str, str, str], compiled: Mapping[str, Any]) -> Render:
    """The function that renders one part, kept for the next person; the oldest goes when there are too many."""
    environment: Environment = HTML if key[2] == "html" else TEXT
    parts = compiled["languages"].get(key[1])
    if parts is None:
        raise RenderFailed(part=key[2], detail=f"the template has no '{key[1]}'")
    template = environment.from_string(parts[key[2]])
    program = build(
        template.nodes,
        escape=html_text if environment is HTML else plain,
        filters={
            name: environment.filters[name]
            for name in (*OURS, "upcase", "downcase", "capitalize", "strip")
        },
    )
    render = program or (lambda variables: template.render(variables))
    with _lock:
        _cache[key] = render
        if len(_cache) > _CACHED_PARTS:
            _cache.popitem(last=False)
    return render
