"""The plugin's settings in Saleor's dashboard, and where each of them goes.

Saleor stores plugin settings in plain text and can not clear a secret. So a secret is sealed into
our own table when it is saved, and only a mark of it stays in Saleor's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from saleor.plugins.base_plugin import ConfigurationTypeField as FieldType
from saleor.plugins.error_codes import PluginErrorCode

from cavaco_plugin.channels import configuration as channels
from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.settings import InvalidConsentSettings
from cavaco_plugin.consent.settings import checked as checked_consent
from cavaco_plugin.hosts.plugin.doors import doors_url
from cavaco_plugin.hosts.plugin.settings_form import CLEAR, SETTINGS
from cavaco_plugin.store import declarations, shop

SEALED = "sealed by Cavaco"


def values_of(plugin_configuration: Any) -> dict[str, Any]:
    """Field name → value, without those that say nothing."""
    return {
        item["name"]: item["value"]
        for item in plugin_configuration.configuration or []
        if item.get("value") not in (None, "") and item["name"] in SETTINGS
    }


def errors_in(values: Mapping[str, Any]) -> dict[str, ValidationError]:
    """Field name → what is wrong with its value and how to put it right."""
    errors = {}
    for goes_to, given in _by_destination(values).items():
        for name, message in _findings(goes_to, given):
            field = _field_of(goes_to, name)
            errors[field] = ValidationError(
                message, code=PluginErrorCode.PLUGIN_MISCONFIGURED.value
            )
    return errors


def _findings(goes_to: str, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, message) pairs. A sealed secret counts as the one we hold."""
    if goes_to == "shop":
        return _wrong_in_shop(given)
    if goes_to == "declarations":
        return _wrong_in_key(str(given.get("key", "")))
    if goes_to == "consent":
        return _wrong_in_consent(given)
    channel, _, provider = goes_to.partition(".")
    if provider:
        return channels.errors_in(channel=channel, provider=provider, values=_typed(given))
    return channels.errors_in_choice(channel=channel, provider=str(given.get("provider", "")))


def _wrong_in_shop(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    try:
        shop.checked(given)
    except shop.InvalidShop as invalid:
        return list(invalid.errors.items())
    return []


def _wrong_in_consent(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    try:
        checked_consent(_consent(given))
    except InvalidConsentSettings as invalid:
        return list(invalid.errors.items())
    return []


def _consent(given: Mapping[str, Any]) -> dict[str, Any]:
    """The dashboard has text fields only; a list is written with commas."""
    listed = str(given.get("double_opt_in", "")).split(",")
    return {"double_opt_in": [channel.strip() for channel in listed if channel.strip()]}


def _wrong_in_key(key: str) -> list[tuple[str, str]]:
    try:
        declarations.checked_key(key)
    except declarations.InvalidKey as invalid:
        return [("key", str(invalid))]
    return []


@transaction.atomic
def take_over(plugin_configuration: Any) -> None:
    """Write the values where the core reads them and leave marks instead of secrets."""
    now = timezone.now()
    for goes_to, given in _by_destination(values_of(plugin_configuration)).items():
        _deliver(goes_to, given, now=now)
    for item in plugin_configuration.configuration or []:
        setting = SETTINGS.get(item["name"])
        if setting and setting.type == FieldType.SECRET and item.get("value"):
            item["value"] = "" if item["value"] == CLEAR else SEALED


def _deliver(goes_to: str, given: Mapping[str, Any], *, now: datetime) -> None:
    channel, _, provider = goes_to.partition(".")
    if goes_to == "shop":
        shop.save_identity(values=given, now=now)
    elif goes_to == "declarations":
        declarations.save_metadata_key(key=given.get("key", ""), now=now)
    elif goes_to == "consent":
        consent.save_settings(values=_consent(given), now=now)
    elif provider:
        _save_provider(channel, provider, given, now=now)
    else:
        channels.choose(channel=channel, provider=given.get("provider", ""), now=now)


def _save_provider(channel: str, provider: str, given: Mapping[str, Any], *, now: datetime) -> None:
    forget = {name for name, value in given.items() if value == CLEAR}
    values = _typed(given)
    if provider == "twilio" and values:
        values["receipts_url"] = f"{doors_url()}receipts/sms/twilio/"
    channels.save(channel=channel, provider=provider, values=values, forget=forget, now=now)


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value not in (CLEAR, SEALED)}


def _by_destination(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every destination, even one nobody gave a value for: emptied fields must be emptied there."""
    result: dict[str, dict[str, Any]] = {s.goes_to: {} for s in SETTINGS.values()}
    for field, value in values.items():
        setting = SETTINGS[field]
        result[setting.goes_to][setting.name] = value
    # The choice of a provider goes last, when what it needs is in place.
    return dict(sorted(result.items(), key=lambda pair: pair[0] in ("email", "sms")))


def _field_of(goes_to: str, name: str) -> str:
    for field, setting in SETTINGS.items():
        if (setting.goes_to, setting.name) == (goes_to, name):
            return field
    return next(field for field, setting in SETTINGS.items() if setting.goes_to == goes_to)
