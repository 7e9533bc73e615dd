"""Which provider a channel sends through, with what settings; and saving them.

CAVACO_<CHANNEL>_PROVIDER, like CAVACO_SMS_PROVIDER=twilio, chooses the provider whatever is stored. `validation`
says how the environment sets single fields.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from pydantic import BaseModel, SecretStr

from cavaco_plugin.channels.contract import EMAIL, Provider
from cavaco_plugin.channels.models import ProviderHealth, ProviderSettings
from cavaco_plugin.channels.registry import UnknownProvider, find_provider, providers_of
from cavaco_plugin.channels.seal import seal, unseal
from cavaco_plugin.channels.settings import secret_fields
from cavaco_plugin.channels.validation import (
    WrongSettings,
    findings_in,
    from_environment,
    required_fields,
    sentence,
    validated,
)

# The shop's own mail server is there without a word of configuration; other channels are off until set up.
WITHOUT_CONFIGURATION = {EMAIL: "smtp"}


@dataclass(frozen=True, slots=True)
class Active:
    """A channel's provider with settings that hold."""

    provider: Provider
    settings: BaseModel


def active(*, channel: str, environ: Mapping[str, str] | None = None) -> Active | None:
    """The provider a channel sends through now, or None when the channel is off.

    Raises WrongSettings, BrokenSeal or UnknownProvider; each says what to do.
    """
    environ = os.environ if environ is None else environ
    variable = f"CAVACO_{channel.upper()}_PROVIDER"
    if named := environ.get(variable):
        provider = find_provider(channel=channel, name=named, field=variable)
        return of_provider(provider, environ=environ)
    stored = ProviderSettings.objects.filter(channel=channel, is_active=True)
    name = (
        stored.values_list("provider", flat=True).first()
        or _named_by_environment(channel, environ)
        or WITHOUT_CONFIGURATION.get(channel)
    )
    if not name:
        return None
    return of_provider(find_provider(channel=channel, name=name), environ=environ)


def of_provider(provider: Provider, *, environ: Mapping[str, str] | None = None) -> Active:
    """One provider with its settings, active or not: receipts still come in after a change of provider."""
    environ = os.environ if environ is None else environ
    return Active(
        provider, validated(provider, _stored(provider) | from_environment(provider, environ))
    )


def errors_in(*, channel: str, provider: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, what is wrong and the remedy) for values about to be saved.

    A secret that is not given counts as the one we hold. Nothing given and nothing held is no error: the
    provider is simply not set up.
    """
    chosen = find_provider(channel=channel, name=provider)
    held = _stored(chosen, secrets_only=True)
    if not values and not held:
        return []
    findings = findings_in(chosen, held | dict(values) | from_environment(chosen, os.environ))
    return [(finding.field, sentence(finding)) for finding in findings]


def errors_in_choice(*, channel: str, provider: str) -> list[tuple[str, str]]:
    """(field, what is wrong) with the choice of a provider; an empty choice is none."""
    try:
        if provider:
            find_provider(channel=channel, name=provider)
    except UnknownProvider as unknown:
        return [("provider", str(unknown))]
    return []


def save(
    *,
    channel: str,
    provider: str,
    values: Mapping[str, Any],
    now: datetime,
    forget: Collection[str] = (),
) -> None:
    """Store the settings whole, except that a secret left out stays until it is in `forget`: forms show none.

    What is missing may follow later; a wrong value raises WrongSettings. A stopped provider starts anew.
    """
    chosen = find_provider(channel=channel, name=provider)
    secrets = secret_fields(chosen.Settings)
    fresh = {field: _plain(values[field]) for field in secrets & values.keys() if values[field]}
    open_values = {field: value for field, value in values.items() if field not in secrets}
    with transaction.atomic():
        row = _row_for_update(channel, provider)
        if row is None and not fresh and not open_values:
            return
        kept = {f: s for f, s in (row.sealed_secrets if row else {}).items() if f not in forget}
        _refuse_wrong(chosen, open_values | fresh)
        ProviderSettings.objects.update_or_create(
            channel=channel,
            provider=provider,
            defaults={
                "values": _as_json(chosen, open_values),
                "sealed_secrets": kept | {field: seal(secret) for field, secret in fresh.items()},
                "updated_at": now,
            },
            create_defaults={
                "is_active": False,
                "values": _as_json(chosen, open_values),
                "sealed_secrets": {field: seal(secret) for field, secret in fresh.items()},
                "updated_at": now,
            },
        )
        _start_anew(channel, provider, now)


def choose(*, channel: str, provider: str, now: datetime) -> None:
    """Send through this provider from now on; an empty name switches the stored choice off."""
    if provider:
        find_provider(channel=channel, name=provider)
    with transaction.atomic():
        rows = ProviderSettings.objects.filter(channel=channel)
        rows.exclude(provider=provider).filter(is_active=True).update(
            is_active=False, updated_at=now
        )
        if provider:
            ProviderSettings.objects.update_or_create(
                channel=channel,
                provider=provider,
                defaults={"is_active": True, "updated_at": now},
            )
            _start_anew(channel, provider, now)


def _named_by_environment(channel: str, environ: Mapping[str, str]) -> str:
    """A provider whose required fields all stand in the environment has been chosen by that."""
    for provider in providers_of(channel):
        required = required_fields(provider)
        if required and required <= from_environment(provider, environ).keys():
            return provider.name
    return ""


def _stored(provider: Provider, *, secrets_only: bool = False) -> dict[str, Any]:
    row = ProviderSettings.objects.filter(channel=provider.channel, provider=provider.name).first()
    if row is None:
        return {}
    secrets = {field: unseal(sealed) for field, sealed in row.sealed_secrets.items()}
    return secrets if secrets_only else {**row.values, **secrets}


def _row_for_update(channel: str, provider: str) -> ProviderSettings | None:
    rows = ProviderSettings.objects.select_for_update()
    return rows.filter(channel=channel, provider=provider).first()


def _refuse_wrong(provider: Provider, values: Mapping[str, Any]) -> None:
    """Wrong is refused, incomplete is not: a finding about all fields together speaks of what is missing."""
    wrong = [f for f in findings_in(provider, values) if f.code != "missing" and f.field]
    if wrong:
        raise WrongSettings(wrong)


def _as_json(provider: Provider, values: Mapping[str, Any]) -> dict[str, Any]:
    draft = provider.Settings.model_construct(**values)
    return draft.model_dump(mode="json", include=set(values), warnings=False)


def _plain(secret: Any) -> str:
    return str(secret.get_secret_value() if isinstance(secret, SecretStr) else secret)


def _start_anew(channel: str, provider: str, now: datetime) -> None:
    ProviderHealth.objects.filter(channel=channel, provider=provider).update(
        state="closed", failures=0, opened_at=None, retry_at=None, stopped_reason="", updated_at=now
    )
