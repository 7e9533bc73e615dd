"""What a new snapshot changed: the facts that flows and consent listen to."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """Past tense, told from the shop's state and never from the name of a hook."""

    CHECKOUT_ACTIVITY = "checkout_activity"
    CHECKOUT_EMPTIED = "checkout_emptied"
    CHECKOUT_COMPLETED = "checkout_completed"
    ORDER_PLACED = "order_placed"
    ORDER_FULFILLED = "order_fulfilled"
    ORDER_REFUNDED = "order_refunded"
    ORDER_CANCELLED = "order_cancelled"
    CUSTOMER_CREATED = "customer_created"
    CUSTOMER_CONFIRMED = "customer_confirmed"
    CUSTOMER_DELETED = "customer_deleted"
    CONSENT_DECLARED = "consent_declared"
    # Made by the consent stage, not by the shop.
    CONSENT_GRANTED = "consent_granted"
    OPT_IN_REQUESTED = "opt_in_requested"
    # Made by the feedback stage, for what a person did with a message; never for a machine.
    MESSAGE_OPENED = "message_opened"
    MESSAGE_CLICKED = "message_clicked"


@dataclass(frozen=True, slots=True)
class StoreChange:
    """One fact about one person.

    Attributes:
        key: names the fact; the same fact always has the same key.
        subject: references a message may re-read, {"checkout": token} or {"order": id}.
        copy_id: primary key of our copy of the subject, where there is one.
        at: when it happened in the shop.
        is_backfill: it may update state and must never trigger a flow.
    """

    kind: ChangeKind
    key: str
    profile_id: int
    at: datetime
    subject: dict[str, str] = field(default_factory=dict)
    copy_id: int | None = None
    sales_channel: str = ""
    is_backfill: bool = False
    data: dict[str, str] = field(default_factory=dict)
