"""The whole path around a shop in memory: what is told becomes an event, and time makes things happen."""

from datetime import datetime, timedelta
from typing import Any

from cavaco_plugin import pipeline
from cavaco_plugin.events.operations import fail, record
from cavaco_plugin.events.queries import open_events
from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.store import reconcile
from cavaco_plugin.store.addresses import normalise_email
from cavaco_plugin.store.snapshots import AnySnapshot, OrderSnapshot
from tests.path.shop import Shop


def poke(kind: str, subject_id: str, at: datetime, snapshot: AnySnapshot) -> None:
    """As a hook of the plugin home: nothing but what changed."""
    record(source="saleor", kind=kind, subject_id=subject_id, updated_at=at, now=at)


def deliver(kind: str, subject_id: str, at: datetime, snapshot: AnySnapshot) -> None:
    """As a webhook of the app home: with the state of that moment."""
    is_order = isinstance(snapshot, OrderSnapshot)
    record(
        source="saleor",
        kind=kind,
        subject_id=subject_id,
        updated_at=at,
        now=at,
        payload=snapshot.model_dump(mode="json"),
        email=normalise_email(snapshot.buyer.email) if is_order else "",
        checkout_token=snapshot.checkout_token if is_order else "",
    )


def take_in(now: datetime, *, clock: datetime | None = None) -> None:
    """Handle everything in the inbox; an event that fails fails the test."""
    while found := open_events(now=now, limit=100):
        for event in found:
            try:
                pipeline.handle_store_event(event=event, now=clock or now)
            except Exception as error:
                fail(event=event, error=error, now=now)
                raise


def tick(shop: Shop, *, reconciles: bool = False) -> None:
    """What the tasks do every few seconds, at the shop's time."""
    if reconciles:
        reconcile.run(now=shop.now)
    take_in(shop.now)
    pipeline.run_due(now=shop.now)
    pipeline.release_due(now=shop.now)


def let_pass(shop: Shop, *, hours: float, step: float = 20, **options: Any) -> None:
    """Let time go by, with a tick every `step` minutes."""
    end = shop.now + timedelta(hours=hours)
    while shop.now < end:
        shop.now = min(shop.now + timedelta(minutes=step), end)
        tick(shop, **options)


def ledger() -> list[tuple[str, str, str, str]]:
    """What was intended for whom, and what became of it."""
    rows = Message.objects.order_by("template_key", "address", "state", "reason")
    return list(rows.values_list("template_key", "address", "state", "reason"))


def runs() -> list[tuple[str, str, str, str]]:
    """Who was in which flow, and how it ended."""
    rows = Enrolment.objects.order_by("flow__key", "entry_key")
    return list(rows.values_list("flow__key", "entry_key", "state", "reason"))
