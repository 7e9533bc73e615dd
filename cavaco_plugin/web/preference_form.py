"""The form of the preference page: what it offers, and what was chosen on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cavaco_plugin.consent import queries, reach
from cavaco_plugin.consent.declarations import CHANNELS
from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.consent.resolution import is_granted_somewhere
from cavaco_plugin.consent.topics import LANGUAGES, MARKETING, MARKETING_TOPICS, TOPICS
from cavaco_plugin.content.formatting import long_date
from cavaco_plugin.kernel.windows import instant_of
from cavaco_plugin.web.visitor import Visitor
from cavaco_plugin.web.words import OWN_NAMES, words

CAPS = ((1, 1), (2, 7), (1, 7), (1, 30))
PAUSES = (7, 30, 90)
# A person who said STOP or was erased can say otherwise; for these two a human has to look.
_CLOSED = frozenset({Suppression.Reason.COMPLAINT, Suppression.Reason.HARD_BOUNCE})
Option = dict[str, Any]


class Unreadable(ValueError):
    """The form was not filled in on our page."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose."""

    topics: Mapping[tuple[str, str], bool]
    language: str
    personal_cap: tuple[int, int] | None
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Form:
    """What the page shows."""

    topics: Sequence[Mapping[str, Any]]
    fields: Sequence[Mapping[str, Any]]
    blocked: str = ""


def build(visitor: Visitor, *, now: datetime) -> Form:
    """The form with everything as it stands for this person."""
    texts = words(visitor.language)
    fields = [
        _field(
            "cap",
            texts["preferences.frequency"],
            _caps(visitor),
            texts["preferences.frequency_hint"],
        ),
        _field(
            "pause",
            texts["preferences.pause"],
            _pauses(visitor, now),
            texts["preferences.pause_hint"],
        ),
        _field("language", texts["preferences.language"], _languages(visitor)),
    ]
    return Form(_topics(visitor), fields, _blocked(visitor))


def read(form: Mapping[str, str], *, visitor: Visitor, now: datetime) -> Chosen:
    """What was chosen; only what the page offers can be.

    Raises:
        Unreadable: a value that the page did not offer.
    """
    cap = _one_of(form.get("cap", ""), _caps(visitor))
    pause = _one_of(form.get("pause", ""), _pauses(visitor, now))
    return Chosen(
        topics={
            (channel, topic): form.get(f"{channel}.{topic}") == "yes"
            for channel in channels_of(visitor)
            for topic in MARKETING_TOPICS
        },
        language=_one_of(form.get("language", ""), _languages(visitor))["value"],
        personal_cap=cap["cap"],
        paused_until=pause["until"],
    )


def channels_of(visitor: Visitor) -> list[str]:
    """The channels on which this person can be reached."""
    return [each for each in CHANNELS if reach.address_of(visitor.profile.pk, each)]


def wording(visitor: Visitor) -> str:
    """What the page says a tick means, kept with the consent."""
    texts = words(visitor.language)
    topics = "; ".join(
        f"{TOPICS[key].name(visitor.language)}: {texts[f'topic.{key}']}" for key in MARKETING_TOPICS
    )
    return f"{texts['preferences.heading']} {topics}"


def _topics(visitor: Visitor) -> list[Mapping[str, Any]]:
    texts = words(visitor.language)
    said = queries.standings_of([visitor.profile.pk]).get(visitor.profile.pk, [])
    channels = channels_of(visitor)
    return [
        {
            "name": topic.name(visitor.language),
            "description": texts[f"topic.{topic.key}"],
            "is_always": topic.purpose != MARKETING,
            "ways": [
                {
                    "name": f"{channel}.{topic.key}",
                    "label": texts[f"channel.{channel}"],
                    "is_on": is_granted_somewhere(said, channel=channel, topic=topic.key),
                }
                for channel in channels
            ],
        }
        for topic in TOPICS.values()
    ]


def _caps(visitor: Visitor) -> list[Option]:
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
    label = texts.get(f"cap.{_cap_value(cap)}")
    return (
        label or texts["cap.other"].format(messages=cap[0], days=cap[1])
        if cap
        else texts["cap.none"]
    )


def _pauses(visitor: Visitor, now: datetime) -> list[Option]:
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


def _languages(visitor: Visitor) -> list[Option]:
    return [
        {
            "value": code,
            "label": OWN_NAMES[code],
            "lang": code,
            "is_chosen": code == visitor.language,
        }
        for code in LANGUAGES
    ]


def _blocked(visitor: Visitor) -> str:
    """Said openly where ticking a box would change nothing."""
    addresses = [
        (each, reach.address_of(visitor.profile.pk, each)) for each in channels_of(visitor)
    ]
    reasons = {reason for found in queries.suppressions(addresses).values() for reason in found}
    if not reasons & _CLOSED:
        return ""
    texts = words(visitor.language)
    if not visitor.shop.support_email:
        return texts["blocked_nowhere"]
    return texts["blocked"].format(support=visitor.shop.support_email)


def _field(name: str, label: str, options: list[Option], hint: str = "") -> Mapping[str, Any]:
    return {"name": name, "label": label, "options": options, "hint": hint}


def _one_of(value: str, options: list[Option]) -> Option:
    for option in options:
        if option["value"] == value:
            return option
    raise Unreadable(f"{value!r} is not among the options")
