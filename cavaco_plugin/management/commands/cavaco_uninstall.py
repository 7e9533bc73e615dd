"""`manage.py cavaco_uninstall`: leave the shop as it was before Cavaco."""

from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from cavaco_plugin.kernel.database import writing


class Command(BaseCommand):
    """Removes consents, messages and everything else that Cavaco keeps; it asks first."""

    help = "Remove Cavaco's beat entries, settings, permission and tables from Saleor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--yes` answers the question beforehand."""
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, remove, and say what to do last."""
        if not apps.is_installed("saleor.core"):
            raise CommandError("This is not a Saleor. In the app home, drop the app's database.")
        if not options["yes"]:
            self.stdout.write(
                "This deletes all consents, suppressions, flows and messages. Type REMOVE to go on."
            )
            if input("> ").strip() != "REMOVE":
                raise CommandError("Nothing was removed.")
        with writing():
            for removed in import_module("cavaco_plugin.hosts.plugin.install").remove():
                self.stdout.write(f"Removed {removed}.")
        self.stdout.write("Now `pip uninstall cavaco-plugin` and restart Saleor's processes.")
