"""The Twilio account, and whether it lets us in."""

from decimal import Decimal

from pydantic import Field, SecretStr, field_validator, model_validator

from cavaco_plugin.channels.contract import Finding
from cavaco_plugin.channels.settings import BaseUrl, ChannelSettings, SafeUrl, remedy


class TwilioSettings(ChannelSettings):
    """One Twilio account and what it sends from."""

    account_sid: str = Field(
        pattern=r"^AC[0-9a-f]{32}$",
        description="The account's identifier.",
        json_schema_extra=remedy(
            "Copy Account SID from the front page of the Twilio console; it begins with AC."
        ),
    )
    auth_token: SecretStr = Field(
        min_length=1,
        description="The account's token; it also proves that receipts come from Twilio.",
        json_schema_extra=remedy("Copy Auth Token from the front page of the Twilio console."),
    )
    messaging_service_sid: str = Field(
        default="",
        pattern=r"^(MG[0-9a-f]{32})?$",
        description="The messaging service to send with.",
        json_schema_extra=remedy(
            "Copy the service's SID from the Twilio console; it begins with MG."
        ),
    )
    from_number: str = Field(
        default="",
        pattern=r"^(\+[1-9]\d{4,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})?$",
        description="The number or name to send from, when there is no messaging service.",
        json_schema_extra=remedy(
            "Give a number like +15551234567, a short code, or a name of up to 11 letters."
        ),
    )
    receipts_url: SafeUrl = Field(
        default="",
        description="Where Twilio reports to: our receipts address, as the internet sees it.",
        json_schema_extra=remedy(
            "Give the public address of this shop's Twilio receipts door, with https."
        ),
    )
    prices: dict[str, Decimal] = Field(
        default_factory=dict,
        description="Your price per segment by country code, in place of our planning figures.",
        json_schema_extra=remedy(
            'Write two-letter country codes and amounts, like {"DE": "0.11"}.'
        ),
    )
    price_currency: str = Field(
        default="USD",
        pattern=r"^[A-Z]{3}$",
        description="The currency of those prices.",
        json_schema_extra=remedy("Use a three-letter code such as USD or EUR."),
    )
    api_url: BaseUrl = Field(
        default="https://api.twilio.com",
        description="Where the API answers.",
        json_schema_extra=remedy("Use https://api.twilio.com."),
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

    @field_validator("prices")
    @classmethod
    def _prices_are_prices(cls, prices: dict[str, Decimal]) -> dict[str, Decimal]:
        for country, price in prices.items():
            if len(country) != 2 or not country.isalpha() or not country.isupper():
                raise ValueError(f"{country!r} is not a two-letter country code in capitals")
            if not price.is_finite() or price < 0:
                raise ValueError(f"the price for {country} is not an amount")
        return prices

    @model_validator(mode="after")
    def _has_a_sender(self) -> "TwilioSettings":
        if not self.messaging_service_sid and not self.from_number:
            raise ValueError(
                "messaging_service_sid and from_number are both empty. Set one of them: messages need a sender."
            )
        return self


def check(settings: TwilioSettings) -> list[Finding]:
    """Ask for the account and see whether it is active."""
    from twilio.base.exceptions import TwilioException, TwilioRestException
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    client = Client(
        settings.account_sid,
        settings.auth_token.get_secret_value(),
        http_client=TwilioHttpClient(timeout=settings.timeout_seconds),
    )
    client.api.base_url = settings.api_url
    try:
        account = client.api.v2010.accounts(settings.account_sid).fetch()
    except TwilioRestException as error:
        return [_refused(error.status, error.code)]
    except (TwilioException, OSError, ValueError) as error:
        return [_unreachable(error)]
    if account.status != "active":
        return [_not_active(str(account.status))]
    return [] if settings.receipts_url else [_no_receipts()]


def _refused(status: int, code: int | None) -> Finding:
    if status not in (401, 403, 404):
        return _unreachable(f"HTTP {status}")
    return Finding(
        code="wrong_credentials",
        message=f"Twilio does not accept the account and token (error {code}).",
        remedy="Copy Account SID and Auth Token again from the front page of the Twilio console.",
        field="auth_token",
    )


def _unreachable(reason: object) -> Finding:
    return Finding(
        code="unreachable",
        message=f"Twilio cannot be reached: {reason}",
        remedy="Check api_url, and that this machine may connect to it.",
        field="api_url",
    )


def _not_active(status: str) -> Finding:
    return Finding(
        code="account_not_active",
        message=f"The Twilio account is {status}.",
        remedy="Reactivate it in the Twilio console, or use another account.",
        field="account_sid",
    )


def _no_receipts() -> Finding:
    return Finding(
        code="no_receipts",
        message="No receipts_url is set, so Twilio cannot report deliveries.",
        remedy="Enter the public address of this shop's Twilio receipts door.",
        field="receipts_url",
    )
