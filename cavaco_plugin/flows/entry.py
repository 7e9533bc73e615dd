"""A person's wish to come into a flow, made by a trigger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Who would come in, why and when.

    Attributes:
        key: names the reason; the same key never lets anybody in twice.
        subject: what the run is about, {"checkout": token} or {"order": id}; may be empty.
        triggered_at: when the thing happened; a purchase counts from here.
        at: when the run is due to start.
    """

    key: str
    profile_id: int
    triggered_at: datetime
    at: datetime
    subject: Mapping[str, str] = field(default_factory=dict)
    sales_channel: str = ""
    event: Mapping[str, str] = field(default_factory=dict)
