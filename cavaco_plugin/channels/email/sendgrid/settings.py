"""The SendGrid account, and whether its key may send."""

import json
from functools import lru_cache
from typing import Any

from pydantic import Field, SecretStr, field_validator

from cavaco_plugin.channels.contract import Finding
from cavaco_plugin.channels.settings import BaseUrl, ChannelSettings, remedy


class SendGridSettings(ChannelSettings):
    """Keys and limits of one SendGrid account."""

    api_key: SecretStr = Field(
        description="An API key with the permission Mail Send.",
        json_schema_extra=remedy(
            "Make an API key in SendGrid under Settings, API Keys; it begins with SG."
        ),
    )
    webhook_public_key: str = Field(
        default="",
        description="The public key of the signed event webhook. Without it no receipt is believed.",
        json_schema_extra=remedy(
            "In SendGrid, under Settings, Mail Settings, Event Webhooks, switch on Signed Event Webhook "
            "and copy the verification key."
        ),
    )
    api_url: BaseUrl = Field(
        default="https://api.sendgrid.com",
        description="Where the API answers.",
        json_schema_extra=remedy(
            "Use https://api.sendgrid.com, or https://api.eu.sendgrid.com for an EU subuser."
        ),
    )
    track_opens: bool = Field(
        default=True,
        description="Whether SendGrid adds its open pixel.",
        json_schema_extra=remedy("Choose true or false."),
    )
    sandbox: bool = Field(
        default=False,
        description="Whether SendGrid only checks messages and delivers none.",
        json_schema_extra=remedy("Choose true or false."),
    )
    connections: int = Field(
        default=50,
        ge=1,
        le=500,
        description="How many requests are under way at once.",
        json_schema_extra=remedy("Choose a number from 1 to 500."),
    )
    timeout_seconds: float = Field(
        default=15,
        gt=0,
        le=30,
        description="How long to wait for an answer.",
        json_schema_extra=remedy("Choose a number of seconds up to 30."),
    )

    @field_validator("api_key")
    @classmethod
    def _looks_like_a_key(cls, key: SecretStr) -> SecretStr:
        if not key.get_secret_value().startswith("SG."):
            raise ValueError("a SendGrid API key begins with SG.")
        return key

    @field_validator("webhook_public_key")
    @classmethod
    def _is_a_public_key(cls, key: str) -> str:
        if key:
            try:
                webhook_verifier(key)
            except Exception:  # noqa: BLE001  the SDK hands on whatever its parser throws
                raise ValueError("this is not a public key as SendGrid shows it") from None
        return key


@lru_cache(maxsize=16)
def webhook_verifier(public_key: str) -> Any:
    """SendGrid's own verifier of signed event webhooks."""
    from sendgrid.helpers.eventwebhook import EventWebhook

    return EventWebhook(public_key)


def check(settings: SendGridSettings) -> list[Finding]:
    """Ask which permissions the key has."""
    from python_http_client.exceptions import HTTPError
    from sendgrid import SendGridAPIClient

    api = SendGridAPIClient(settings.api_key.get_secret_value(), host=settings.api_url)
    api.client.timeout = settings.timeout_seconds
    try:
        scopes = json.loads(api.client.scopes.get().body)["scopes"]
    except HTTPError as error:
        return [_refused(error.status_code)]
    except (OSError, ValueError, LookupError, TypeError) as error:
        return [_unreachable(error)]
    if "mail.send" not in scopes:
        return [_no_permission()]
    return [] if settings.webhook_public_key else [_no_receipts()]


def _refused(status: int) -> Finding:
    return Finding(
        code="wrong_credentials" if status in (401, 403) else "unreachable",
        message=f"SendGrid refuses the API key (HTTP {status}).",
        remedy="Make a new API key in SendGrid under Settings, API Keys, and enter it here.",
        field="api_key",
    )


def _unreachable(error: Exception) -> Finding:
    return Finding(
        code="unreachable",
        message=f"SendGrid cannot be reached: {error}",
        remedy="Check api_url, and that this machine may connect to it.",
        field="api_url",
    )


def _no_permission() -> Finding:
    return Finding(
        code="missing_permission",
        message="The API key may not send mail.",
        remedy="Give the key the permission Mail Send in SendGrid.",
        field="api_key",
    )


def _no_receipts() -> Finding:
    return Finding(
        code="no_receipts",
        message="No verification key is set, so bounces and complaints will not be believed.",
        remedy="Switch on Signed Event Webhook in SendGrid and enter its verification key.",
        field="webhook_public_key",
    )
