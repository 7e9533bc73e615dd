"""The choices that the preference page offers beside the topics, and which of them holds now."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cavaco_plugin.consent.topics import LANGUAGES
from cavaco_plugin.content.formatting import long_date
from cavaco_plugin.kernel.windows import instant_of
from cavaco_plugin.web.visitor import Visitor
from cavaco_plugin.web.words import OWN_NAMES, words

# Each so many messages in so many days.
CAPS = ((1, 1), (2, 7), (1, 7), (1, 30))
PAUSES = (7, 30, 90)
# `value`, `label`, `is_chosen`, and what choosing it means: `cap` or `until`.
Option = dict[str, Any]


class Unreadable(ValueError):
    """The form was not filled in on our page."""


def caps(visitor: Visitor) -> list[Option]:
    """How often at most; a cap of the person's own that we do not offer stays on the list."""
    texts = words(visitor.language)
    kept = visitor.profile.personal_cap
    own = (int(kept["messages"]), int(kept["days"])) if kept else None
    offered = [None, *CAPS] if own is None or own in CAPS else [None, *CAPS, own]
    return [
        {
            "value": _cap_value(cap),
            "label": _cap_label(cap, texts),
            "cap": cap,
            "is_chosen": cap == own,
        }
        for cap in offered
    ]


def _cap_value(cap: tuple[int, int] | None) -> str:
    return f"{cap[0]}_{cap[1]}" if cap else "none"


def _cap_label(cap: tuple[int, int] | None, texts: Mapping[str, str]) -> str:
    if cap is None:
        return texts["cap.none"]
    label = texts.get(f"cap.{_cap_value(cap)}")
    return label or texts["cap.other"].format(messages=cap[0], days=cap[1])


def pauses(visitor: Visitor, now: datetime) -> list[Option]:
    """Until when nothing; a pause ends as a day begins where the person lives."""
    texts = words(visitor.language)
    zone = ZoneInfo(visitor.profile.time_zone or visitor.shop.time_zone)
    kept = visitor.profile.paused_until
    is_paused = kept is not None and kept > now
    options: list[Option] = [{"value": "none", "label": texts["pause.none"], "until": None}]
    if kept is not None and is_paused:
        day = long_date(kept.astimezone(zone), visitor.locale)
        label = texts["pause.keep"].format(date=day)
        options.append({"value": "keep", "label": label, "until": kept})
    for days in PAUSES:
        day_after = now.astimezone(zone).date() + timedelta(days=days)
        until = instant_of(day=day_after, at=time(0), zone=zone)
        label = texts[f"pause.{days}"].format(date=long_date(day_after, visitor.locale))
        options.append({"value": str(days), "label": label, "until": until})
    chosen = "keep" if is_paused else "none"
    return [{**option, "is_chosen": option["value"] == chosen} for option in options]


def languages(visitor: Visitor) -> list[Option]:
    """The languages that messages and pages are written in."""
    return [
        {
            "value": code,
            "label": OWN_NAMES[code],
            "lang": code,
            "is_chosen": code == visitor.language,
        }
        for code in LANGUAGES
    ]


def one_of(value: str, options: list[Option]) -> Option:
    """The option with this value.

    Raises:
        Unreadable: the page did not offer it.
    """
    for option in options:
        if option["value"] == value:
            return option
    raise Unreadable(f"{value!r} is not among the options")
