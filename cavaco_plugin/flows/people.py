"""The facts about people inside flows, for a whole batch in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cavaco_plugin.channels.contract import CHANNELS
from cavaco_plugin.consent import queries as consent
from cavaco_plugin.consent.reach import kind_for
from cavaco_plugin.consent.resolution import GRANTED, Standing, resolve
from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.facts import FactGroup, Facts
from cavaco_plugin.flows.inside import Inside, Person
from cavaco_plugin.profiles.models import ContactPoint
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy

Values = dict[str, object]


def facts_of(
    insides: Sequence[Inside], definitions: Mapping[int, FlowDefinition]
) -> dict[int, Facts]:
    """Enrolment id → facts, only of the groups that the flows of the batch look at."""
    if not any(definitions[version_id].needs for version_id in {i.version_id for i in insides}):
        return {i.id: Facts(i.person.public_id, i.person.time_zone) for i in insides}
    needing: dict[FactGroup, list[Inside]] = defaultdict(list)
    for inside in insides:
        for group in definitions[inside.version_id].needs:
            needing[group].append(inside)
    reach = _reach(needing["reach"], definitions)
    subjects = _subjects(needing["subject"])
    return {
        inside.id: Facts(
            person_key=inside.person.public_id,
            time_zone=inside.person.time_zone,
            values={
                **(
                    _person(inside.person)
                    if "person" in definitions[inside.version_id].needs
                    else {}
                ),
                **reach.get(inside.id, {}),
                **subjects.get(inside.id, {}),
            },
        )
        for inside in insides
    }


def _person(person: Person) -> Values:
    traits = {f"person.traits.{name}": value for name, value in person.traits.items()}
    return {
        **traits,
        "person.language": person.language,
        "person.country": person.country,
        "orders.count": person.orders_count,
        "orders.total": dict(person.orders_total),
    }


def _reach(
    insides: Sequence[Inside], definitions: Mapping[int, FlowDefinition]
) -> dict[int, Values]:
    """Consent for the flow's own topic, and whether a message could arrive at all."""
    if not insides:
        return {}
    profile_ids = {inside.person.id for inside in insides}
    standings = consent.standings_of(profile_ids)
    addresses = _addresses(profile_ids)
    pairs = {(channel, address) for (_, channel), address in addresses.items()}
    suppressed = consent.suppressions(pairs) if pairs else {}
    return {
        inside.id: _reach_of(
            inside, definitions[inside.version_id].topic, standings, addresses, suppressed
        )
        for inside in insides
    }


def _reach_of(
    inside: Inside,
    topic: str,
    standings: Mapping[int, Sequence[Standing]],
    addresses: Mapping[tuple[int, str], str],
    suppressed: Mapping[tuple[str, str], tuple[str, ...]],
) -> Values:
    values: Values = {}
    for channel in CHANNELS:
        said = standings.get(inside.person.id, ())
        state = resolve(said, channel=channel, topic=topic, sales_channel=inside.sales_channel)
        address = addresses.get((inside.person.id, channel), "")
        is_open = bool(address) and not suppressed.get((channel, address))
        values[f"consent.{channel}"] = state
        values[f"reachable.{channel}"] = is_open and state == GRANTED
    return values


def _addresses(profile_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """(profile id, channel) → the address seen last."""
    rows = ContactPoint.objects.filter(profile_id__in=profile_ids).order_by("last_seen_at", "id")
    latest = {
        (profile_id, kind): written or value
        for profile_id, kind, value, written in rows.values_list(
            "profile_id", "kind", "value", "written"
        )
    }
    kinds = {channel: str(kind_for(channel)) for channel in CHANNELS}
    return {
        (profile_id, channel): latest[profile_id, kind]
        for profile_id in profile_ids
        for channel, kind in kinds.items()
        if (profile_id, kind) in latest
    }


def _subjects(insides: Sequence[Inside]) -> dict[int, Values]:
    """What the run is about, as our copies know it."""
    if not insides:
        return {}
    tokens = {name for inside in insides if (name := inside.subject.get("checkout"))}
    orders = {name for inside in insides if (name := inside.subject.get("order"))}
    known = {
        **_known("checkout", CheckoutCopy, "token", tokens),
        **_known("order", OrderCopy, "shop_order_id", orders),
    }
    return {
        inside.id: {
            name: value
            for pair in inside.subject.items()
            for name, value in known.get(pair, {}).items()
        }
        for inside in insides
    }


def _known(
    kind: str, model: type[CheckoutCopy] | type[OrderCopy], name: str, keys: Collection[str]
) -> dict[tuple[str, str], Values]:
    if not keys:
        return {}
    manager: Any = model._default_manager
    rows = manager.filter(**{f"{name}__in": keys}).values_list(name, "currency", "total", "lines")
    return {
        (kind, key): {f"{kind}.total": {currency: str(total)}, f"{kind}.lines": len(lines)}
        for key, currency, total, lines in rows
    }
