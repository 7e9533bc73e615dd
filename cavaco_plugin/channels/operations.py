"""Saving a provider's settings."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from pydantic import SecretStr

from cavaco_plugin.channels.configuration import from_environment, validated
from cavaco_plugin.channels.models import ProviderHealth, ProviderSettings
from cavaco_plugin.channels.registry import find_provider
from cavaco_plugin.channels.seal import seal, unseal
from cavaco_plugin.channels.settings import secret_fields


def save_settings(
    *,
    channel: str,
    provider: str,
    values: Mapping[str, Any],
    now: datetime,
    activate: bool = True,
) -> ProviderSettings:
    """Validate, seal and store. A secret that is left out or empty stays as it was: forms show none.

    Saving also restarts a channel that was stopped because of its settings. Raises WrongSettings.
    """
    chosen = find_provider(channel=channel, name=provider)
    sealed_fields = secret_fields(chosen.Settings)
    fresh = {
        field: _plain(values[field]) for field in sealed_fields & values.keys() if values[field]
    }
    open_values = {field: value for field, value in values.items() if field not in sealed_fields}
    with transaction.atomic():
        kept = _stored_secrets(channel, provider)
        known = {field: unseal(sealed) for field, sealed in kept.items() if field not in fresh}
        # What the environment sets need not be typed in, and is not stored.
        around = from_environment(chosen, os.environ)
        settings = validated(chosen, {**around, **open_values, **known, **fresh})
        if activate:
            others = ProviderSettings.objects.filter(channel=channel, is_active=True)
            others.exclude(provider=provider).update(is_active=False, updated_at=now)
        ProviderHealth.objects.filter(channel=channel, provider=provider).delete()
        row, _created = ProviderSettings.objects.update_or_create(
            channel=channel,
            provider=provider,
            defaults={
                "is_active": activate,
                "values": settings.model_dump(mode="json", include=set(open_values)),
                "sealed_secrets": kept | {field: seal(secret) for field, secret in fresh.items()},
                "updated_at": now,
            },
        )
    return row


def _stored_secrets(channel: str, provider: str) -> dict[str, str]:
    rows = ProviderSettings.objects.select_for_update().filter(channel=channel, provider=provider)
    return next((dict(row.sealed_secrets) for row in rows), {})


def _plain(secret: Any) -> str:
    return str(secret.get_secret_value() if isinstance(secret, SecretStr) else secret)
