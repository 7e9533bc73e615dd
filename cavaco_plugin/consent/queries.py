"""What a person allowed and which addresses are closed, for one person or a whole batch."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from cavaco_plugin.consent.addresses import address_hash
from cavaco_plugin.consent.models import ConsentState, Suppression
from cavaco_plugin.consent.resolution import Standing, resolve
from cavaco_plugin.consent.settings import ConsentSettings, checked
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store.models import ShopSettings

# (profile id, channel, topic, sales channel)
Question = tuple[int, str, str, str]


def consents(questions: Collection[Question]) -> dict[Question, str]:
    """The consent behind each message to be sent, in one query (see `resolution.resolve`)."""
    standings = standings_of({question[0] for question in questions})
    return {
        asked: resolve(
            standings.get(asked[0], ()), channel=asked[1], topic=asked[2], sales_channel=asked[3]
        )
        for asked in questions
    }


def standings_of(profile_ids: Collection[int]) -> dict[int, list[Standing]]:
    """Everything these people said last, by profile id, in one query."""
    rows = ConsentState.objects.filter(profile_id__in=profile_ids).values_list(
        "profile_id",
        "channel",
        "topic",
        "sales_channel",
        "state",
        "occurred_at",
        "record__source",
    )
    found: dict[int, list[Standing]] = defaultdict(list)
    for profile_id, channel, topic, sales_channel, state, occurred_at, source in rows:
        found[profile_id].append(
            Standing(channel, topic, sales_channel, state, occurred_at, source)
        )
    return dict(found)


def suppressions(
    addresses: Collection[tuple[str, str]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The standing reasons not to write to each (channel, address), in one query."""
    hashes = {asked: address_hash(*asked) for asked in addresses}
    rows = Suppression.objects.filter(
        channel__in={channel for channel, _ in addresses},
        address_hash__in=set(hashes.values()),
        lifted_at=None,
    ).values_list("channel", "address_hash", "reason")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for channel, hashed, reason in rows:
        found[channel, hashed].append(reason)
    return {asked: tuple(sorted(found[asked[0], hashed])) for asked, hashed in hashes.items()}


def settings_for(sales_channel: str = "") -> ConsentSettings:
    """How consent is asked for in a sales channel: the shop's default, overlaid with its own.

    Raises:
        InvalidConsentSettings: what is stored cannot hold. Nothing is granted on a guess.
    """
    rows: dict[str, Mapping[str, Any]] = dict(
        ShopSettings.objects.filter(sales_channel__in={"", sales_channel}).values_list(
            "sales_channel", "values"
        )
    )
    merged: dict[str, Any] = {}
    for name in ("", sales_channel):
        merged |= rows.get(name, {}).get("consent", {})
    return checked(merged)


def person(public_id: str) -> Profile | None:
    """The person behind a public id, whoever took that profile over since."""
    profile = Profile.objects.filter(public_id=public_id).first()
    while profile is not None and profile.merged_into_id is not None:
        profile = Profile.objects.filter(pk=profile.merged_into_id).first()
    return profile
