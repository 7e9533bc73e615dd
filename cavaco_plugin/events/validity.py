"""What an event must be to be recorded. Pure; a shopper waits for it, so it looks only at what is there."""

import json
from collections.abc import Mapping
from datetime import datetime

from cavaco_plugin.kernel.storable import fault_in, is_storable

KINDS = frozenset({"checkout", "order", "customer"})
_LONGEST = {"source": 32, "subject_id": 64, "email": 254, "checkout_token": 64}


class InvalidEvent(ValueError):
    """An event that can not be recorded; the message names the field and the remedy."""


def check(*, source: str, kind: str, subject_id: str, updated_at: datetime) -> None:
    """Every event's own fields.

    Raises:
        InvalidEvent: one of them is wrong.
    """
    if kind not in KINDS:
        raise InvalidEvent(f"kind: {kind!r} is not one of {', '.join(sorted(KINDS))}.")
    if not source:
        raise InvalidEvent(
            "source: is empty; name the shop the event comes from, such as 'saleor'."
        )
    if not isinstance(subject_id, str) or not 0 < len(subject_id) <= _LONGEST["subject_id"]:
        raise InvalidEvent(
            f"subject_id: {str(subject_id)[:80]!r}; give the id of the {kind}, at most 64 characters."
        )
    check_text("source", source)
    check_text("subject_id", subject_id)
    if not isinstance(updated_at, datetime) or updated_at.tzinfo is None:
        raise InvalidEvent("updated_at: has no time zone; give an aware datetime.")


def check_text(field: str, text: str) -> None:
    """A text that fits its column.

    Raises:
        InvalidEvent: it is too long, or no row can hold it.
    """
    if len(text) > _LONGEST[field]:
        said = f"{field}: {text[:80]!r} is too long; give at most {_LONGEST[field]} characters."
        raise InvalidEvent(said)
    if not is_storable(text):
        raise InvalidEvent(f"{field}: holds a NUL or half a character. Take it out.")


def as_json(payload: Mapping[str, object]) -> str:
    """The payload as its row holds it.

    Raises:
        InvalidEvent: something in it has no place in JSON.
    """
    if fault := fault_in(payload):
        place = f"payload.{fault.dotted}".rstrip(".")
        raise InvalidEvent(f"{place}: {fault.message} {fault.remedy}")
    try:
        return json.dumps(payload)
    except TypeError as error:
        said = f'payload: {error}; give the snapshot\'s model_dump(mode="json").'
        raise InvalidEvent(said) from None
