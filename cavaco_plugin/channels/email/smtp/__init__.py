"""E-mail through an SMTP server: the host's own, or one named in our settings."""

from cavaco_plugin.channels.contract import EMAIL, Provider
from cavaco_plugin.channels.email.smtp import receipts, settings, transport

PROVIDER = Provider(
    name="smtp",
    channel=EMAIL,
    Settings=settings.SmtpSettings,
    open_transport=transport.open_transport,
    read_receipts=receipts.read_receipts,
    check=settings.check,
)
