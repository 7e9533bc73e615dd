"""A wish to send a message, before anybody decided about it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """What a flow (later: a campaign) wants sent.

    Attributes:
        idempotency_key: the same wish has the same key, however often it is made.
        subject: references read again at rendering, {"checkout": token} or {"order": id}.
        purchase_proof_since: from when on a purchase makes the message untrue; None: never.
        due_at: not before; expires_at: not after.
        priority: 0 goes first, 100 last; transactional messages use 10, marketing 50.
    """

    idempotency_key: str
    profile_id: int
    channel: str
    purpose: str
    topic: str
    template_key: str
    origin: str
    due_at: datetime
    expires_at: datetime | None = None
    sales_channel: str = ""
    flow_id: int | None = None
    enrolment_id: int | None = None
    step_id: str = ""
    subject: dict[str, str] = field(default_factory=dict)
    purchase_proof_since: datetime | None = None
    priority: int = 50
    is_test: bool = False
