"""From what a shop has stored, and what the environment says, to settings a provider can use.

The environment wins over the database, field by field: CAVACO_<PROVIDER>_<FIELD>, like CAVACO_SENDGRID_API_KEY.
CAVACO_<CHANNEL>_PROVIDER, like CAVACO_SMS_PROVIDER=twilio, chooses the provider of a channel.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from cavaco_plugin.channels.contract import EMAIL, Finding, Provider
from cavaco_plugin.channels.models import ProviderSettings
from cavaco_plugin.channels.registry import find_provider, providers_of
from cavaco_plugin.channels.seal import unseal

# The shop's own mail server is there without a word of configuration; other channels are off until set up.
WITHOUT_CONFIGURATION = {EMAIL: "smtp"}


@dataclass(frozen=True, slots=True)
class Active:
    """A channel's provider with settings that hold."""

    provider: Provider
    settings: BaseModel


class WrongSettings(ValueError):
    """Settings a provider cannot work with; the findings name each field and its remedy."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(
            " ".join(f"{finding.message} {finding.remedy}".strip() for finding in findings)
        )
        self.findings = findings


def active(*, channel: str, environ: Mapping[str, str] | None = None) -> Active | None:
    """The provider a channel sends through now, or None when the channel is off.

    Raises WrongSettings, BrokenSeal or UnknownProvider; each says what to do.
    """
    environ = os.environ if environ is None else environ
    row = ProviderSettings.objects.filter(channel=channel, is_active=True).first()
    name = environ.get(f"CAVACO_{channel.upper()}_PROVIDER") or (row.provider if row else "")
    name = name or _named_by_environment(channel, environ) or WITHOUT_CONFIGURATION.get(channel, "")
    if not name:
        return None
    return of_provider(provider=find_provider(channel=channel, name=name), environ=environ)


def of_provider(*, provider: Provider, environ: Mapping[str, str] | None = None) -> Active:
    """One provider with its stored settings, active or not: receipts come in after a change of provider too."""
    environ = os.environ if environ is None else environ
    row = ProviderSettings.objects.filter(channel=provider.channel, provider=provider.name).first()
    values: dict[str, Any] = {}
    if row is not None:
        secrets = {field: unseal(sealed) for field, sealed in row.sealed_secrets.items()}
        values = {**row.values, **secrets}
    values |= from_environment(provider, environ)
    return Active(provider, validated(provider, values))


def validated(provider: Provider, values: Mapping[str, Any]) -> BaseModel:
    """The provider's settings made of these values. Raises WrongSettings."""
    try:
        return provider.Settings(**values)
    except ValidationError as error:
        raise WrongSettings([_finding(provider, wrong) for wrong in error.errors()]) from None


def from_environment(provider: Provider, environ: Mapping[str, str]) -> dict[str, Any]:
    """What the environment says about a provider. Empty variables count as absent."""
    values: dict[str, Any] = {}
    for field, declared in provider.Settings.model_fields.items():
        text = environ.get(variable(provider, field), "")
        if text:
            is_mapping = str(declared.annotation).startswith("dict")
            values[field] = _mapping(variable(provider, field), text) if is_mapping else text
    return values


def variable(provider: Provider, field: str) -> str:
    """The environment variable that sets a field."""
    return f"CAVACO_{provider.name}_{field}".upper()


def _named_by_environment(channel: str, environ: Mapping[str, str]) -> str:
    """A provider whose required fields all stand in the environment has been chosen by that."""
    for provider in providers_of(channel):
        required = {
            name for name, field in provider.Settings.model_fields.items() if field.is_required()
        }
        if required and required <= from_environment(provider, environ).keys():
            return provider.name
    return ""


def _mapping(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        message = f"{name}: it is not JSON."
        raise WrongSettings(
            [Finding("wrong_value", message, 'Write it like {"DE": "0.11"}.', name)]
        ) from None


def _finding(provider: Provider, wrong: Any) -> Finding:
    field = str(wrong["loc"][0]) if wrong["loc"] else ""
    declared = provider.Settings.model_fields.get(field)
    extra = declared.json_schema_extra if declared else None
    remedy = str(extra.get("remedy", "")) if isinstance(extra, dict) else ""
    said = str(wrong["msg"]).removeprefix("Value error, ")
    if declared is None and field:
        return Finding(
            "unknown_field", f"{field}: {provider.name} has no such setting.", "Remove it.", field
        )
    code = "missing" if wrong["type"] == "missing" else "wrong_value"
    return Finding(
        code, f"{field}: {said}." if field else said, remedy or "Correct the value.", field
    )
