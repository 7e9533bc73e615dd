"""Read what changed in the shop behind a watermark: what a hook lost, this finds.

It records the same events with the same keys as the hooks, so the inbox keeps one row of each.
"""

from datetime import datetime, timedelta

from cavaco_plugin.events import operations as events
from cavaco_plugin.events import watermarks
from cavaco_plugin.store import port
from cavaco_plugin.store.addresses import normalise_email
from cavaco_plugin.store.port import ChangedSubject
from cavaco_plugin.store.snapshots import OrderSnapshot

KINDS = ("customer", "checkout", "order")
# A transaction that was open while we read commits rows with an earlier time: read these again.
OVERLAP = timedelta(minutes=10)
BATCH = 1000


def start(*, now: datetime) -> None:
    """Begin here: what changed before never triggers. A second call does nothing."""
    for kind in KINDS:
        if watermarks.find(_name(kind)) is None:
            watermarks.move(
                name=_name(kind), position_at=now, detail={"started_at": now.isoformat()}, now=now
            )


def started_at(kind: str) -> datetime | None:
    """From when on changes of this kind count as news; None before `start`."""
    mark = watermarks.find(_name(kind))
    return datetime.fromisoformat(mark.detail["started_at"]) if mark else None


def run(*, now: datetime) -> int:
    """Record every change since the last run. Returns how many events were new."""
    start(now=now)
    return sum(_read(kind=kind, now=now) for kind in KINDS)


def _read(*, kind: str, now: datetime) -> int:
    mark, first = watermarks.find(_name(kind)), started_at(kind)
    assert mark is not None
    assert first is not None
    position, after_id, new, is_full = max(mark.position_at - OVERLAP, first), "", 0, True
    while is_full:
        batch = list(
            port.current().changed_since(
                kind=kind, position=position, after_id=after_id, limit=BATCH
            )
        )
        new += sum(_record(subject, now=now) for subject in batch)
        is_full = len(batch) >= BATCH
        if batch:
            position, after_id = batch[-1].updated_at, batch[-1].subject_id
    watermarks.move(
        name=_name(kind),
        position_at=max(position, mark.position_at),
        detail={"started_at": first.isoformat()},
        now=now,
    )
    return new


def _record(subject: ChangedSubject, *, now: datetime) -> bool:
    snapshot = subject.snapshot
    order = snapshot if isinstance(snapshot, OrderSnapshot) else None
    return events.record(
        source="saleor",
        kind=subject.kind,
        subject_id=subject.subject_id,
        updated_at=subject.updated_at,
        payload=snapshot.model_dump(mode="json") if snapshot else None,
        # An order proves the purchase from the moment it lies in the inbox.
        email=normalise_email(order.buyer.email) if order else "",
        checkout_token=order.checkout_token if order else "",
        now=now,
    )


def _name(kind: str) -> str:
    return f"reconcile:{kind}"
