"""`cavaco_erase --email ann@example.com`: forget one person everywhere and for good."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cavaco_plugin import pipeline
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.management.person import add_person_arguments, person_of


class Command(BaseCommand):
    """Their addresses stay closed as salted hashes; nothing else is left. It asks first."""

    help = "Erase one person from every table of Cavaco. It can not be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The person; `--yes` answers the question beforehand."""
        add_person_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and erase."""
        with writing():
            profile = person_of(options)
            if not options["yes"]:
                self.stdout.write("This can not be undone. Type ERASE to go on.")
                if input("> ").strip() != "ERASE":
                    raise CommandError("Nobody was erased.")
            was_known = pipeline.erase_person(profile_id=profile.pk, now=timezone.now())
        self.stdout.write("Erased." if was_known else "This person was erased before.")
