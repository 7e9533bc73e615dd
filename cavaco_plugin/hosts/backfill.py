"""Learn what the shop knew before we came. Nothing learnt here ever triggers a flow."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cavaco_plugin import pipeline
from cavaco_plugin.events import operations as events
from cavaco_plugin.events import watermarks
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.kernel.keys import store_event_key
from cavaco_plugin.store import port, reconcile
from cavaco_plugin.store.port import ChangedSubject
from cavaco_plugin.store.snapshots import AnySnapshot

KINDS = ("customer", "order")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the back-fill of one kind is."""

    kind: str
    handled: int
    position: datetime


def run(*, days: int, clock: Callable[[], datetime]) -> Iterator[Progress]:
    """Take in customers and orders changed in the last `days`, oldest first, by the batch.

    It ends where the reconciler began: later changes are news. Resumable: the position is kept
    after each batch, and a second run goes on from there.
    """
    reconcile.start(now=clock())
    for kind in KINDS:
        end = reconcile.started_at(kind)
        assert end is not None
        name = f"backfill:{kind}"
        start = clock() - timedelta(days=days)
        mark = watermarks.find(name)
        position, after_id = (mark.position_at, mark.detail.get("id", "")) if mark else (start, "")
        handled = 0
        while batch := _before(end, kind=kind, position=position, after_id=after_id):
            _take_in(batch, now=clock())
            position, after_id = batch[-1].updated_at, batch[-1].subject_id
            watermarks.move(name=name, position_at=position, detail={"id": after_id}, now=clock())
            handled += len(batch)
            yield Progress(kind=kind, handled=handled, position=position)


def _before(end: datetime, *, kind: str, position: datetime, after_id: str) -> list[ChangedSubject]:
    found = port.current().changed_since(
        kind=kind, position=position, after_id=after_id, limit=BATCH
    )
    return [subject for subject in found if subject.updated_at < end]


def _take_in(batch: Sequence[ChangedSubject], *, now: datetime) -> None:
    """With the state that was read along, or asked of the shop for the whole batch."""
    missing = [subject.subject_id for subject in batch if subject.snapshot is None]
    asked = _loader(batch[0].kind)(missing) if missing else {}
    for subject in batch:
        snapshot = subject.snapshot or asked.get(subject.subject_id)
        if snapshot is not None:
            _take_in_one(subject, snapshot, now=now)


def _loader(kind: str) -> Callable[[Collection[str]], Mapping[str, AnySnapshot]]:
    store = port.current()
    loaders: dict[str, Callable[[Collection[str]], Mapping[str, AnySnapshot]]] = {
        "customer": store.customers,
        "order": store.orders,
    }
    return loaders[kind]


def _take_in_one(subject: ChangedSubject, snapshot: AnySnapshot, *, now: datetime) -> None:
    events.record(
        source="saleor",
        kind=subject.kind,
        subject_id=subject.subject_id,
        updated_at=subject.updated_at,
        payload=snapshot.model_dump(mode="json"),
        is_backfill=True,
        now=now,
    )
    key = store_event_key(
        kind=subject.kind, subject_id=subject.subject_id, updated_at=subject.updated_at
    )
    event = StoreEvent.objects.filter(source="saleor", key=key, handled_at=None).first()
    if event is not None:
        pipeline.handle_store_event(event=event, now=now)
