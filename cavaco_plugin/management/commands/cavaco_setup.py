"""`manage.py cavaco_setup`: everything between `pip install` and the first message."""

from argparse import ArgumentParser
from importlib import import_module
from typing import IO, Any, cast

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from cavaco_plugin.content import operations as content
from cavaco_plugin.flows import operations as flows
from cavaco_plugin.hosts import backfill, readiness
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.store import reconcile


class Command(BaseCommand):
    """Safe to run again: each step does what is missing, and the back-fill goes on where it was."""

    help = (
        "Migrate Cavaco's tables, switch the plugin on, learn the shop's customers and orders, "
        "and say what is missing to send."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The back-fill can be narrowed or left out."""
        parser.add_argument(
            "--days", type=int, default=730, help="How far back to learn orders (default: 730)."
        )
        parser.add_argument("--no-backfill", action="store_true", help="Learn nothing of the past.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, activate, back-fill, and tell what is missing."""
        console = Console(file=cast(IO[str], self.stdout))
        with writing():
            self._install(console)
            if not options["no_backfill"]:
                self._learn(console, days=options["days"])
            self._tell(console)

    def _install(self, console: Console) -> None:
        now = timezone.now()
        if apps.is_installed("saleor.core"):
            home = import_module("cavaco_plugin.hosts.plugin.install")
            home.migrate()
            console.print("✓ Tables are up to date.")
            home.activate(now=now)
            console.print("✓ The plugin is in Saleor's list (Extensions → Installed → Cavaco).")
        else:
            call_command("migrate", interactive=False, verbosity=0)
            console.print("✓ Tables are up to date.")
        # What changed before this moment is learnt as the past and triggers nothing.
        reconcile.start(now=now)
        content.ensure_library(now=now)
        flows.ensure_library(now=now)
        console.print("✓ Templates and flows are in the library; switch a flow on with")
        console.print(
            '    mutation { flowActivate(template: "abandoned_cart") { flow { status } } }'
        )

    def _learn(self, console: Console, *, days: int) -> None:
        columns = (
            TextColumn("[bold]Learning {task.description}s"),
            TextColumn("{task.completed:,.0f} done, up to {task.fields[position]}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console) as progress:
            tasks = {
                kind: progress.add_task(kind, total=None, position="…") for kind in backfill.KINDS
            }
            for step in backfill.run(days=days, clock=timezone.now):
                progress.update(
                    tasks[step.kind],
                    completed=step.handled,
                    position=step.position.strftime("%Y-%m-%d %H:%M"),
                )

    def _tell(self, console: Console) -> None:
        missing = readiness.missing_to_send()
        if not missing:
            console.print("✓ Ready to send.")
            return
        console.print("\nMissing to send:")
        for finding in missing:
            console.print(f"  • {finding.message}\n    → {finding.remedy}")
