"""E-mail through SendGrid's v3 API."""

from cavaco_plugin.channels.contract import EMAIL, Provider
from cavaco_plugin.channels.email.sendgrid import receipts, settings, transport

PROVIDER = Provider(
    name="sendgrid",
    channel=EMAIL,
    Settings=settings.SendGridSettings,
    open_transport=transport.open_transport,
    read_receipts=receipts.read_receipts,
    check=settings.check,
)
