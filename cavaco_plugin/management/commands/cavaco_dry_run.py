"""`cavaco_dry_run FLOW --email ann@example.com`: what would this flow do with this person?"""

from argparse import ArgumentParser
from datetime import datetime
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from cavaco_plugin.flows import dry_runs, library, queries
from cavaco_plugin.flows.definition import FlowDefinition
from cavaco_plugin.flows.dry_run import DryRun, DryRunLine, GateAnswer
from cavaco_plugin.flows.effects import SendMessage
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.management.person import add_person_arguments, person_of
from cavaco_plugin.outbox import operations as outbox
from cavaco_plugin.outbox.request import MessageRequest
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy


class Command(BaseCommand):
    """Nothing is written and nothing is sent."""

    help = "Play a flow for one person and show each decision, its inputs and when it would send."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The flow, the person, and what the flow is about."""
        parser.add_argument("flow", help="The flow's key, such as abandoned_cart.")
        add_person_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Play it from this moment on."""
        now = timezone.now()
        with writing():
            definition = _definition(options["flow"])
            profile = person_of(options)
            subject = _latest_subject(profile)
            played = dry_runs.dry_run_for(
                profile=profile,
                flow_key=options["flow"],
                definition=definition,
                subject=subject,
                now=now,
                ask_gate=lambda message: _gate(message, profile, definition, subject, now),
            )
        _show(played, Console(file=cast(IO[str], self.stdout), width=140))


def _definition(key: str) -> FlowDefinition:
    """The shop's flow, or the shipped one that it has not made its own yet."""
    flow = queries.flows().filter(key=key).first()
    if flow is not None and flow.active_version is not None:
        return FlowDefinition.model_validate(flow.active_version.definition)
    shipped = {entry.key: entry.definition for entry in library.entries()}
    if key not in shipped:
        raise CommandError(f"flow: there is no flow {key!r}. Use one of {', '.join(shipped)}.")
    return FlowDefinition.model_validate(shipped[key])


def _latest_subject(profile: Profile) -> dict[str, str]:
    """What the flow would be about: the person's latest cart and order."""
    subject = {}
    checkout = CheckoutCopy.objects.filter(profile=profile).order_by("-activity_at").first()
    if checkout is not None:
        subject["checkout"] = checkout.token
    order = OrderCopy.objects.filter(profile=profile).order_by("-placed_at").first()
    if order is not None:
        subject["order"] = order.shop_order_id
    return subject


def _gate(
    message: SendMessage,
    profile: Profile,
    definition: FlowDefinition,
    subject: dict[str, str],
    now: datetime,
) -> GateAnswer:
    request = MessageRequest(
        idempotency_key=f"dry-run:{message.step_id}:{message.visit}",
        profile_id=profile.pk,
        channel=message.channel,
        purpose=definition.purpose,
        topic=definition.topic,
        template_key=message.template,
        origin="dry_run",
        due_at=message.due_at,
        expires_at=message.expires_at,
        subject=subject,
        purchase_proof_since=now,
    )
    (verdict,) = outbox.foresee([request], now=now)
    return GateAnswer(verdict.verdict, verdict.reason, verdict.hold_until)


def _show(played: DryRun, console: Console) -> None:
    table = Table("at", "step", "what happens", "inputs", "would send at", "gate", show_lines=True)
    for line in played.lines:
        table.add_row(
            f"{line.at:%Y-%m-%d %H:%M}",
            line.step_id,
            line.sentence or line.action,
            ", ".join(f"{name} = {value}" for name, value in line.inputs.items()),
            f"{line.would_send_at:%Y-%m-%d %H:%M}" if line.would_send_at else "",
            _said(line),
        )
    console.print(table)
    console.print(f"It ends: {played.run.state} ({played.run.reason or 'still waiting'}).")


def _said(line: DryRunLine) -> str:
    if line.gate is None:
        return ""
    return " ".join(part for part in (line.gate.verdict, line.gate.reason) if part)
