"""A receipt as it lies in its row. Pure."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from json import dumps
from typing import Any

from cavaco_plugin.channels.contract import Receipt
from cavaco_plugin.kernel.hashing import fingerprint

LONGEST_EVENT_ID = 255
# PostgreSQL keeps no NUL in a text; an even number of backslashes before it are characters themselves.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def as_json(receipt: Receipt) -> str:
    """The receipt as JSON text for the row."""
    values = {field.name: getattr(receipt, field.name) for field in fields(Receipt)}
    values["occurred_at"] = receipt.occurred_at.isoformat()
    values["raw"] = dict(receipt.raw)
    return _NUL.sub(r"\1", dumps(values, default=str))


def from_json(values: Mapping[str, Any]) -> Receipt:
    """The receipt that was stored."""
    occurred_at = datetime.fromisoformat(values["occurred_at"])
    return Receipt(**{**values, "occurred_at": occurred_at})


def event_key(receipt: Receipt) -> str:
    """The provider's id of the event, cut so that it fits and still tells events apart."""
    text = receipt.event_id.replace("\x00", "")
    if len(text) <= LONGEST_EVENT_ID:
        return text
    return f"{text[:200]}:{fingerprint(text)}"
