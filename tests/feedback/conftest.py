"""Providers that send mail and text messages on loopback, and a person who agreed to both."""

from tests.outbox.conftest import mail_server, sendgrid, shop, text_server, twilio

__all__ = ["mail_server", "sendgrid", "shop", "text_server", "twilio"]
