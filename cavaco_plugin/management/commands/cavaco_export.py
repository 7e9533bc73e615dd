"""`cavaco_export --email ann@example.com`: everything kept about one person, as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cavaco_plugin import pipeline
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.management.person import add_person_arguments, person_of


class Command(BaseCommand):
    """What the person may ask for under articles 15 and 20 of the GDPR."""

    help = "Print everything kept about one person: profile, consents, events, messages, decisions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The person."""
        add_person_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        with writing():
            whole = pipeline.export_person(profile_id=person_of(options).pk)
        self.stdout.write(json.dumps(whole, indent=1, ensure_ascii=False))
