"""What a person wishes beside yes and no: their language, their own cap, a pause."""

from datetime import datetime

from django.db import transaction

from cavaco_plugin.consent.records import lock_person
from cavaco_plugin.consent.topics import LANGUAGES
from cavaco_plugin.profiles.models import Profile

LONGEST_CAP_DAYS = 31


@transaction.atomic
def set_preferences(
    *,
    profile_id: int,
    language: str,
    personal_cap: tuple[int, int] | None,
    paused_until: datetime | None,
    now: datetime,
) -> None:
    """Keep the wishes; the gate asks for them at the next claim. `personal_cap` is (messages, days).

    Raises:
        ValueError: a value that cannot hold, by name.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language: {language!r} is not one of {', '.join(LANGUAGES)}")
    if personal_cap and not (personal_cap[0] >= 1 and 1 <= personal_cap[1] <= LONGEST_CAP_DAYS):
        raise ValueError(
            f"personal_cap: give at least 1 message in 1 to {LONGEST_CAP_DAYS} days, or none"
        )
    person = Profile.objects.get(pk=lock_person(profile_id))
    if person.language.partition("-")[0] != language:
        person.language = language
    person.personal_cap = (
        {"messages": personal_cap[0], "days": personal_cap[1]} if personal_cap else None
    )
    person.paused_until = paused_until
    person.updated_at = now
    person.save(update_fields=["language", "personal_cap", "paused_until", "updated_at"])
