"""Dry runs of a shop's own flows for its own people."""

from collections.abc import Mapping
from datetime import datetime

from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.dry_run import AskGate, DryRun, simulate
from cavaco_plugin.flows.inside import Inside, Person
from cavaco_plugin.flows.people import facts_of
from cavaco_plugin.flows.run import Run
from cavaco_plugin.profiles.models import Profile


def dry_run_for(
    *,
    profile: Profile,
    flow_key: str,
    definition: FlowDefinition,
    subject: Mapping[str, str],
    now: datetime,
    sales_channel: str = "",
    triggered_at: datetime | None = None,
    ask_gate: AskGate | None = None,
) -> DryRun:
    """What the flow would do with this person if they came in now. Reads only.

    `ask_gate` answers for each message; without it the gate is left out.
    """
    run = Run(triggered_at=triggered_at or now, entered_at=now, flow_key=flow_key)
    inside = Inside(
        id=0,
        flow_id=0,
        version_id=0,
        person=_person(profile),
        run=run,
        subject=subject,
        sales_channel=sales_channel,
    )
    facts = facts_of([inside], {0: definition})[0]
    return simulate(definition=definition, run=run, facts=facts, ask_gate=ask_gate)


def _person(profile: Profile) -> Person:
    return Person(
        id=profile.pk,
        public_id=profile.public_id,
        language=profile.language,
        country=profile.country,
        time_zone=profile.time_zone,
        traits=profile.traits,
        orders_count=profile.orders_count,
        orders_total=profile.orders_total,
    )
