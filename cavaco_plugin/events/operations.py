"""Recording an event, and handling it once."""

from collections.abc import Collection, Mapping
from datetime import datetime

from cavaco_plugin.events import recording
from cavaco_plugin.events.backoff import wait_after
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.events.queries import Subject, about
from cavaco_plugin.events.validity import InvalidEvent, as_json, check, check_text
from cavaco_plugin.kernel.keys import moment, store_event_key

__all__ = ["InvalidEvent", "begin", "fail", "finish", "forget", "record"]

LONGEST_ERROR = 4000
MOST_ATTEMPTS = 30_000


def record(
    *,
    source: str,
    kind: str,
    subject_id: str,
    updated_at: datetime,
    now: datetime,
    payload: Mapping[str, object] | None = None,
    is_backfill: bool = False,
    email: str = "",
    checkout_token: str = "",
    lock_timeout_ms: int | None = None,
) -> bool:
    """Put an event into the inbox; False if it is there already.

    One statement. With `lock_timeout_ms` it is a hook's row, written in a shopper's request: it
    waits no longer than this for a lock, and not for the disk.

    Args:
        payload: the snapshot as `model_dump(mode="json")`, where the delivery carried one.
        email, checkout_token: of an order, normalised: they prove a purchase before it is handled.

    Raises:
        InvalidEvent: a field is wrong.
        django.db.OperationalError: the table was locked for longer than `lock_timeout_ms`.
    """
    check(source=source, kind=kind, subject_id=subject_id, updated_at=updated_at)
    key = store_event_key(kind=kind, subject_id=subject_id, updated_at=updated_at)
    told = None if payload is None else as_json(payload)
    if email or checkout_token:
        check_text("email", email)
        check_text("checkout_token", checkout_token)
    row = recording.Row(
        (source, key, kind, subject_id, moment(updated_at), moment(now)),
        (is_backfill, told, email, checkout_token)
        if is_backfill or told or email or checkout_token
        else None,
    )
    if lock_timeout_ms is None:
        return recording.insert(row)
    return recording.insert_hurriedly(row, lock_timeout_ms=lock_timeout_ms)


def begin(*, event: StoreEvent) -> bool:
    """Take the event for this transaction; False if it is handled or somebody is at it."""
    rows = StoreEvent.objects.select_for_update(skip_locked=True)
    return bool(rows.filter(pk=event.pk, handled_at__isnull=True).values_list("pk", flat=True)[:1])


def finish(*, event: StoreEvent, now: datetime) -> None:
    """The event is done, with everything that followed from it, when the transaction commits."""
    StoreEvent.objects.filter(pk=event.pk).update(handled_at=now, retry_at=None, error="")


def fail(*, event: StoreEvent, error: BaseException | str, now: datetime) -> None:
    """Note why the event could not be handled and when to try again."""
    attempts = min(event.attempts + 1, MOST_ATTEMPTS)
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    StoreEvent.objects.filter(pk=event.pk, handled_at__isnull=True).update(
        attempts=attempts, retry_at=now + wait_after(attempts), error=text[:LONGEST_ERROR]
    )


def forget(*, subjects: Collection[Subject], now: datetime) -> None:
    """Keep of these events that they happened, and nothing of what they told.

    One that waits is not handled any more.
    """
    rows = about(subjects)
    rows.filter(handled_at__isnull=True).update(handled_at=now, retry_at=None)
    rows.update(payload=None, email="", checkout_token="", error="")
