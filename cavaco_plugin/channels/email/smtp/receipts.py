"""Bounces and complaints as a mail server posts them: RFC 3464 delivery reports, RFC 5965 feedback reports.

SMTP has no webhooks. A mail server (or a script reading the bounce mailbox) posts each report as it is,
`Content-Type: message/rfc822`, with the agreed token.
"""

import email
import email.policy
import hmac
from datetime import datetime
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

from cavaco_plugin.channels.contract import (
    ForgedReceipt,
    MalformedReceipt,
    Receipt,
    ReceiptKind,
    ReceiptRequest,
)
from cavaco_plugin.channels.email.smtp.replies import is_dead_mailbox
from cavaco_plugin.channels.email.smtp.settings import SmtpSettings

_ACTIONS: dict[str, ReceiptKind] = {
    "failed": "failed",
    "delayed": "deferred",
    "delivered": "delivered",
    "relayed": "accepted",
    "expanded": "accepted",
}


def read_receipts(request: ReceiptRequest, settings: SmtpSettings) -> list[Receipt]:
    """The receipts of one posted report, one per recipient."""
    _verify(request, settings)
    report = email.message_from_bytes(request.body, policy=email.policy.default)
    kind = str(report.get_param("report-type", "")).lower()
    try:
        if kind == "delivery-status":
            return _delivery_receipts(report, request)
        if kind == "feedback-report":
            return [_complaint(report, request)]
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise MalformedReceipt(f"The {kind} cannot be read: {error}") from None
    raise MalformedReceipt("The body is neither a delivery report nor a feedback report.")


def _verify(request: ReceiptRequest, settings: SmtpSettings) -> None:
    expected = settings.receipts_token.get_secret_value()
    if not expected:
        raise ForgedReceipt("receipts_token: none is set, so no report can be trusted. Set one.")
    shown = request.header("Authorization").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), expected.encode()):
        raise ForgedReceipt("The Authorization header does not show the receipts_token.")


def _delivery_receipts(report: EmailMessage, request: ReceiptRequest) -> list[Receipt]:
    status = _section(report, "message/delivery-status")
    blocks = [block for block in status.get_payload() if isinstance(block, Message)]
    recipients = [block for block in blocks if block["Final-Recipient"]]
    if not recipients:
        raise MalformedReceipt("The delivery report names no recipient.")
    return [_delivery(block, report, request) for block in recipients]


def _delivery(block: Message, report: EmailMessage, request: ReceiptRequest) -> Receipt:
    message_id = _original_message_id(report)
    address = _address(str(block["Original-Recipient"] or block["Final-Recipient"]))
    action = str(block["Action"] or "").strip().lower()
    status = str(block["Status"] or "").split(" ")[0]
    kind = _ACTIONS.get(action, "unknown")
    if kind == "failed" and is_dead_mailbox(status):
        kind = "bounced"
    return Receipt(
        provider="smtp",
        event_id=f"{message_id}:{address}:{action}:{status}",
        kind=kind,
        provider_message_id=message_id,
        message_id=message_id.partition("@")[0],
        address=address,
        occurred_at=_date(report, request),
        code=status,
        detail=" ".join(str(block["Diagnostic-Code"] or "").split()),
        raw={name: str(value) for name, value in block.items()},
    )


def _complaint(report: EmailMessage, request: ReceiptRequest) -> Receipt:
    feedback = _section(report, "message/feedback-report")
    fields = _fields(feedback)
    message_id = _original_message_id(report)
    address = _address(str(fields["Original-Rcpt-To"] or ""))
    kind = str(fields["Feedback-Type"] or "").strip().lower()
    return Receipt(
        provider="smtp",
        event_id=f"{message_id}:{address}:{kind}",
        kind="complained" if kind in {"abuse", "fraud", "virus"} else "unknown",
        provider_message_id=message_id,
        message_id=message_id.partition("@")[0],
        address=address,
        occurred_at=_date(report, request),
        code=kind,
        raw={name: str(value) for name, value in fields.items()},
    )


def _fields(section: Message) -> Message:
    """The header-like lines of a report; the parser makes a message of them, or leaves them as text."""
    payload = section.get_payload()
    if isinstance(payload, list) and isinstance(payload[0], Message):
        return payload[0]
    return email.message_from_string(str(payload))


def _section(report: EmailMessage, content_type: str) -> Message:
    for part in report.walk():
        if part.get_content_type() == content_type:
            return part
    raise MalformedReceipt(f"The report has no {content_type} part.")


def _original_message_id(report: EmailMessage) -> str:
    for part in report.walk():
        if part.get_content_type() == "message/rfc822":
            return _bare(_fields(part)["Message-ID"])
        if part.get_content_type() == "text/rfc822-headers":
            return _bare(email.message_from_string(part.get_content())["Message-ID"])
    raise MalformedReceipt("The report does not hold the message it speaks of.")


def _bare(message_id: str | None) -> str:
    if not message_id:
        raise MalformedReceipt("The message in the report has no Message-ID.")
    return str(message_id).strip().strip("<>")


def _address(field: str) -> str:
    return field.rpartition(";")[2].strip().strip("<>")


def _date(report: EmailMessage, request: ReceiptRequest) -> datetime:
    try:
        written = parsedate_to_datetime(str(report["Date"]))
    except ValueError:
        return request.received_at
    return written if written.tzinfo else request.received_at
