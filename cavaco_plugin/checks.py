"""System checks: what would go wrong in silence is said aloud when a process starts."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db.migrations.loader import MigrationLoader

LABEL = "cavaco"


@register
def migrations_are_found(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Without them `migrate` says "(no migrations)", makes no table and reports success."""
    module, chosen_by_settings = MigrationLoader.migrations_module(LABEL)
    if module is None or chosen_by_settings:
        return []
    try:
        found = any(iter_modules(import_module(module).__path__))
    except ImportError:
        found = False
    if found:
        return []
    return [
        Error(
            f"Django finds no migrations of Cavaco in {module}, so its tables would never be made.",
            hint="The package is on the path but not installed. Run: pip install -e .",
            id="cavaco.E001",
        )
    ]


@register
def graphql_core_is_not_hidden(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """The folder `graphql/` of the repository is text; as a package it would hide graphql-core."""
    spec = find_spec("graphql")
    places = [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
    if any((place / "execution").is_dir() for place in places):
        return []
    return [
        Error(
            f"`import graphql` gives {places[0] if places else 'nothing'} and not graphql-core.",
            hint="Remove __init__.py from that folder, or install graphql-core 2.",
            id="cavaco.E002",
        )
    ]


@register
def times_are_aware(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Quiet hours, caps and expiry compare instants; a time without a zone is not one."""
    if settings.USE_TZ:
        return []
    return [Error("USE_TZ is off.", hint="Set USE_TZ = True.", id="cavaco.E003")]
