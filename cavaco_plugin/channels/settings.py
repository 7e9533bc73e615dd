"""What the settings of all providers have in common."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr


class ChannelSettings(BaseModel):
    """Base of every provider's settings: unknown fields are errors, secrets are SecretStr, values do not change.

    A field's `json_schema_extra={"remedy": ...}` is the sentence shown when its value is wrong.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True
    )


def secret_fields(settings: type[BaseModel]) -> frozenset[str]:
    """The fields that are sealed before they are stored."""
    return frozenset(
        name for name, field in settings.model_fields.items() if field.annotation is SecretStr
    )


def remedy(sentence: str) -> dict[str, Any]:
    """Marks a field with what to do when its value is wrong."""
    return {"remedy": sentence}


def _safe_url(url: str) -> str:
    """Credentials travel to this address, so it is encrypted or does not leave the machine."""
    if not url:
        return url
    parts = urlsplit(url)
    if parts.username or not parts.hostname:
        raise ValueError("this is not an address like https://example.com")
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        raise ValueError("the address does not begin with https://")
    return url


SafeUrl = Annotated[str, AfterValidator(_safe_url)]
# One that paths are added to.
BaseUrl = Annotated[str, AfterValidator(lambda url: _safe_url(url).rstrip("/"))]
