"""How a command names one person."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from cavaco_plugin.profiles import queries
from cavaco_plugin.profiles.models import Profile


def add_person_arguments(parser: ArgumentParser) -> None:
    """Exactly one of e-mail, phone and the shop's user id."""
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--email", help="An e-mail address of the person.")
    group.add_argument("--phone", help="A phone number of the person, like +15551234567.")
    group.add_argument("--user", help="The shop's id of the person's account.")


def person_of(options: Mapping[str, Any]) -> Profile:
    """The person.

    Raises:
        CommandError: nobody is known by that.
    """
    kind = next(name for name in ("email", "phone", "user") if options.get(name))
    found = queries.find(kind=kind, value=options[kind])
    if found is None:
        raise CommandError(f"--{kind}: nobody is known by {options[kind]!r}.")
    return found
