"""The form of the preference page: what it offers, and what was chosen on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cavaco_plugin.consent import queries, reach
from cavaco_plugin.consent.declarations import CHANNELS
from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.consent.resolution import is_granted_somewhere
from cavaco_plugin.consent.topics import MARKETING, MARKETING_TOPICS, TOPICS
from cavaco_plugin.web import preference_options as options
from cavaco_plugin.web.preference_options import Option
from cavaco_plugin.web.visitor import Visitor
from cavaco_plugin.web.words import words

# A person who said STOP or was erased can say otherwise; for these two a human has to look.
_CLOSED = frozenset({Suppression.Reason.COMPLAINT, Suppression.Reason.HARD_BOUNCE})


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
            options.caps(visitor),
            texts["preferences.frequency_hint"],
        ),
        _field(
            "pause",
            texts["preferences.pause"],
            options.pauses(visitor, now),
            texts["preferences.pause_hint"],
        ),
        _field("language", texts["preferences.language"], options.languages(visitor)),
    ]
    return Form(_topics(visitor), fields, _blocked(visitor))


def read(form: Mapping[str, str], *, visitor: Visitor, now: datetime) -> Chosen:
    """What was chosen; only what the page offers can be.

    Raises:
        Unreadable: a value that the page did not offer.
    """
    cap = options.one_of(form.get("cap", ""), options.caps(visitor))
    pause = options.one_of(form.get("pause", ""), options.pauses(visitor, now))
    return Chosen(
        topics={
            (channel, topic): form.get(f"{channel}.{topic}") == "yes"
            for channel in channels_of(visitor)
            for topic in MARKETING_TOPICS
        },
        language=options.one_of(form.get("language", ""), options.languages(visitor))["value"],
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


def _field(name: str, label: str, offers: list[Option], hint: str = "") -> Mapping[str, Any]:
    return {"name": name, "label": label, "options": offers, "hint": hint}
