"""The evidence behind a consent record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person said: where, when and in answer to which words.

    Attributes:
        source: where it was said: "preference_page", "one_click", "checkout_metadata", "sms" …
        key: names the act; the same act told twice has the same key and is recorded once.
        occurred_at: when the person acted, which may be long before we heard of it.
        wording, wording_version: the text they agreed to, as shown.
        proof: whatever else shows it: {"message": …}, {"opt_in": …}, {"change": …}.
    """

    source: str
    key: str
    occurred_at: datetime
    address: str = ""
    wording: str = ""
    wording_version: str = ""
    ip_address: str | None = None
    proof: Mapping[str, str] = field(default_factory=dict)
