"""Opening a connection to the mail server, through Django's own e-mail backends."""

import smtplib
import ssl
from typing import Protocol, cast

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from cavaco_plugin.channels.contract import (
    UNREACHABLE,
    Misconfigured,
    Outcome,
    Temporary,
)
from cavaco_plugin.channels.email.mime import WireMessage
from cavaco_plugin.channels.email.smtp.conversation import Refused, SmtpMailer, refusal
from cavaco_plugin.channels.email.smtp.host_backend import HostMailer
from cavaco_plugin.channels.email.smtp.replies import LOGIN, SENDER
from cavaco_plugin.channels.email.smtp.settings import SmtpSettings


class Mailer(Protocol):
    """An open connection that sends one message at a time."""

    @property
    def is_open(self) -> bool:
        """Whether it can send another message."""

    def deliver(self, wire: WireMessage) -> Outcome:
        """Offer one message. Raises Stale if the connection was gone before."""

    def check(self) -> None:
        """Ask for a sign of life. Raises Refused."""

    def close(self) -> None:
        """Say goodbye."""


def open_mailer(settings: SmtpSettings) -> Mailer:
    """A new connection, logged in. Raises Refused."""
    try:
        backend = _backend(settings)
        if not isinstance(backend, EmailBackend):
            return HostMailer(backend)
        backend.open()
        smtp = cast(smtplib.SMTP, backend.connection)
        smtp.ehlo_or_helo_if_needed()
    except smtplib.SMTPAuthenticationError as error:
        raise Refused(refusal(error.smtp_code, error.smtp_error, LOGIN)) from None
    except smtplib.SMTPResponseException as error:
        raise Refused(refusal(error.smtp_code, error.smtp_error, SENDER)) from None
    except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError, ValueError) as error:
        raise Refused(Misconfigured(code="not_allowed", detail=str(error))) from None
    except OSError as error:  # smtplib's own errors included
        raise Refused(Temporary(None, UNREACHABLE, f"{type(error).__name__}: {error}")) from None
    return SmtpMailer(smtp)


def _backend(settings: SmtpSettings) -> BaseEmailBackend:
    if not settings.host:
        backend = get_connection()
        if isinstance(backend, EmailBackend) and backend.timeout is None:
            backend.timeout = settings.timeout_seconds
        return backend
    return EmailBackend(
        host=settings.host,
        port=settings.port,
        username=settings.username,
        password=settings.password.get_secret_value(),
        use_tls=settings.security == "starttls",
        use_ssl=settings.security == "tls",
        timeout=settings.timeout_seconds,
    )
