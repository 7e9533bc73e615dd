"""The one way from a shop event to a message at the provider and back. Read this file first.

Each function is a list of calls, in order, to the stages of the path. The stages decide in pure
modules, read in `queries.py` and write in `operations.py`.
"""

from datetime import datetime

from django.db import transaction

from cavaco_plugin.analytics import operations as analytics
from cavaco_plugin.consent import operations as consent
from cavaco_plugin.events import operations as events
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.feedback import operations as feedback
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows import timers
from cavaco_plugin.outbox import dispatch, sweeper
from cavaco_plugin.outbox.dispatch import DispatchReport
from cavaco_plugin.profiles import operations as profiles
from cavaco_plugin.store import operations as store


def handle_store_event(*, event: StoreEvent, now: datetime) -> None:
    """Take one thing that happened in the shop through every stage, in one transaction.

    A second call with an event that is handled already does nothing.
    """
    snapshot = store.load(event=event)
    with transaction.atomic():
        if not events.begin(event=event):
            return
        profile = profiles.identify(snapshot=snapshot, now=now)
        changes = store.apply(
            snapshot=snapshot, profile=profile, is_backfill=event.is_backfill, now=now
        )
        profiles.update_totals(profile=profile, changes=changes, now=now)
        changes += consent.take_declarations(changes=changes, now=now)
        flows.take(changes=changes, now=now)
        events.finish(event=event, now=now)


def run_due(*, now: datetime, limit: int = 1000) -> int:
    """Move everybody whose timer is due. Returns how many timers were looked at."""
    return timers.fire_due(now=now, limit=limit)


def release_due(*, now: datetime, limit: int = 1000) -> DispatchReport:
    """Claim what is due, ask the gate again inside the claim, send it and record the outcomes."""
    sweeper.recover_expired_leases(now=now)
    return dispatch.release(now=now, limit=limit)


def handle_receipt(*, receipt: StoredReceipt, now: datetime) -> None:
    """Apply what a provider reported, once: to the message, to consent and to the flow."""
    with transaction.atomic():
        for change in feedback.apply(receipt=receipt, now=now):
            flows.take(changes=[change], now=now)


def roll_up(*, now: datetime) -> None:
    """Count the ledger's recent days again."""
    analytics.roll_up(now=now)
