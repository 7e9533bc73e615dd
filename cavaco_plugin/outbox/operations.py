"""What other stages do with messages."""

from cavaco_plugin.outbox.admission import InvalidRequest, admit, foresee
from cavaco_plugin.outbox.dropping import drop_for_enrolments, drop_for_profile
from cavaco_plugin.outbox.receipts import apply_receipt

__all__ = [
    "InvalidRequest",
    "admit",
    "apply_receipt",
    "drop_for_enrolments",
    "drop_for_profile",
    "foresee",
]
