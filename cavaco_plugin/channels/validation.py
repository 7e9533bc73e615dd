"""From plain values to a provider's settings, with errors a shop owner can act on.

The environment wins over what is stored, field by field: CAVACO_<PROVIDER>_<FIELD>, like CAVACO_SENDGRID_API_KEY.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from cavaco_plugin.channels.contract import Finding, Provider
from cavaco_plugin.kernel.storable import fault_in


class WrongSettings(ValueError):
    """Settings a provider cannot work with; the findings name each field and its remedy."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(map(sentence, findings)))
        self.findings = findings


def sentence(finding: Finding) -> str:
    """What is wrong and what to do, as one line."""
    return f"{finding.message} {finding.remedy}".strip()


def validated(provider: Provider, values: Mapping[str, Any]) -> BaseModel:
    """The provider's settings made of these values. Raises WrongSettings."""
    if fault := fault_in(values):
        field = str(fault.path[0]) if fault.path else ""
        said = f"{field}: {fault.message}" if field else fault.message
        raise WrongSettings([Finding("wrong_value", said, fault.remedy, field)])
    try:
        return provider.Settings(**values)
    except ValidationError as error:
        found = [_finding(provider, wrong) for wrong in error.errors(include_input=False)]
        raise WrongSettings(found) from None


def findings_in(provider: Provider, values: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with these values, and what is missing."""
    try:
        validated(provider, values)
    except WrongSettings as wrong:
        return wrong.findings
    return []


def from_environment(provider: Provider, environ: Mapping[str, str]) -> dict[str, Any]:
    """What the environment says about a provider. Empty variables count as absent."""
    values: dict[str, Any] = {}
    for field, declared in provider.Settings.model_fields.items():
        name = variable(provider, field)
        text = environ.get(name, "")
        if text:
            is_mapping = str(declared.annotation).startswith("dict")
            values[field] = _mapping(name, text) if is_mapping else text
    return values


def variable(provider: Provider, field: str) -> str:
    """The environment variable that sets a field."""
    return f"CAVACO_{provider.name}_{field}".upper()


def required_fields(provider: Provider) -> frozenset[str]:
    """The fields without which there is nothing to send with."""
    fields = provider.Settings.model_fields.items()
    return frozenset(name for name, field in fields if field.is_required())


def _mapping(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        remedy = 'Write it like {"DE": "0.11"}.'
        raise WrongSettings(
            [Finding("wrong_value", f"{name}: it is not JSON.", remedy, name)]
        ) from None


def _finding(provider: Provider, wrong: Any) -> Finding:
    field = str(wrong["loc"][0]) if wrong["loc"] else ""
    declared = provider.Settings.model_fields.get(field)
    if declared is None and field:
        message = f"{field}: {provider.name} has no such setting."
        return Finding("unknown_field", message, "Remove it.", field)
    said = str(wrong["msg"]).removeprefix("Value error, ").rstrip(".")
    code = "missing" if wrong["type"] == "missing" else "wrong_value"
    message = f"{field}: {said}." if field else f"{said}."
    return Finding(code, message, _remedy(declared) if field else "", field)


def _remedy(declared: Any) -> str:
    extra = declared.json_schema_extra
    remedy = extra.get("remedy") if isinstance(extra, dict) else None
    return str(remedy or "Correct the value.")
