"""Text messages through Twilio."""

from cavaco_plugin.channels.contract import SMS, Provider
from cavaco_plugin.channels.sms.twilio import receipts, settings, transport

PROVIDER = Provider(
    name="twilio",
    channel=SMS,
    Settings=settings.TwilioSettings,
    open_transport=transport.open_transport,
    read_receipts=receipts.read_receipts,
    check=settings.check,
)
