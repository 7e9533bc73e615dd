"""Which SMTP server, and whether it lets us in."""

from typing import Literal

from pydantic import Field, SecretStr, model_validator

from cavaco_plugin.channels.contract import Finding, Misconfigured
from cavaco_plugin.channels.settings import ChannelSettings, remedy

Security = Literal["none", "starttls", "tls"]


class SmtpSettings(ChannelSettings):
    """Without a host, mail goes out as the shop's own mail does (Django's EMAIL_* settings)."""

    host: str = Field(
        default="",
        description="The SMTP server's name. Leave it empty to use the shop's own e-mail settings.",
        pattern=r"^[^\s/@]*$",
        json_schema_extra=remedy("Give the bare name of the server, like smtp.example.com."),
    )
    port: int = Field(
        default=587,
        ge=1,
        le=65535,
        description="The SMTP server's port.",
        json_schema_extra=remedy(
            "Use 587 with starttls, 465 with tls, or what your provider names."
        ),
    )
    security: Security = Field(
        default="starttls",
        description="How the connection is encrypted.",
        json_schema_extra=remedy("Choose starttls, tls or none."),
    )
    username: str = Field(
        default="",
        description="The name to log in with.",
        json_schema_extra=remedy("Enter the name that your mail provider gave you."),
    )
    password: SecretStr = Field(
        default=SecretStr(""),
        description="The password to log in with.",
        json_schema_extra=remedy("Enter the password that belongs to the user name."),
    )
    connections: int = Field(
        default=10,
        ge=1,
        le=100,
        description="How many connections are kept open at once.",
        json_schema_extra=remedy("Choose a number from 1 to 100 that your server allows."),
    )
    timeout_seconds: float = Field(
        default=15,
        gt=0,
        le=30,
        description="How long to wait for an answer.",
        json_schema_extra=remedy("Choose a number of seconds up to 30."),
    )
    receipts_token: SecretStr = Field(
        default=SecretStr(""),
        description="What your mail server shows when it posts bounces to us (Authorization: Bearer …).",
        json_schema_extra=remedy(
            "Make up a long random text and give it to your mail server as well."
        ),
    )

    @model_validator(mode="after")
    def _credentials_go_together(self) -> "SmtpSettings":
        if bool(self.username) != bool(self.password.get_secret_value()):
            raise ValueError(
                "username and password: only one of them is set. Set both, or neither for a server without login."
            )
        return self


def check(settings: SmtpSettings) -> list[Finding]:
    """Connect, log in and say NOOP."""
    from cavaco_plugin.channels.email.smtp.connection import Mailer, open_mailer
    from cavaco_plugin.channels.email.smtp.conversation import Refused

    try:
        mailer: Mailer = open_mailer(settings)
        mailer.check()
        mailer.close()
    except Refused as refused:
        outcome = refused.outcome
        wrong = isinstance(outcome, Misconfigured)
        return [
            Finding(
                code=getattr(outcome, "code", "unreachable"),
                message=f"The SMTP server does not let us send: {outcome.detail}",
                remedy=_WRONG if wrong else _UNREACHABLE,
                field="password" if wrong else "host",
            )
        ]
    return []


_WRONG = "Check username, password and security against what your mail provider gave you."
_UNREACHABLE = "Check host, port and security, and that this machine may connect to them."
