"""The one way from a shop event to a message at the provider and back. Read this file first.

Each function is a list of calls, in order, to the stages of the path. The stages decide in pure
modules, read in `queries.py` and write in `operations.py`.
"""

import json
import logging
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from cavaco_plugin.analytics import operations as analytics
from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent import person as consent_person
from cavaco_plugin.consent.erased import is_erased
from cavaco_plugin.events import operations as events
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.feedback import confirmations
from cavaco_plugin.feedback import operations as feedback
from cavaco_plugin.feedback import person as feedback_person
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows import person as flows_person
from cavaco_plugin.flows import timers
from cavaco_plugin.outbox import dispatch, sweeper
from cavaco_plugin.outbox import person as outbox_person
from cavaco_plugin.outbox.dispatch import DispatchReport
from cavaco_plugin.policy import person as policy_person
from cavaco_plugin.profiles import operations as profiles
from cavaco_plugin.profiles import privacy
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.profiles.stages import PersonStage
from cavaco_plugin.store import operations as store
from cavaco_plugin.store import person as store_person

logger = logging.getLogger(__name__)

# Everybody who keeps rows about a person, in the order of the path.
PERSON_STAGES: tuple[PersonStage, ...] = (
    store_person,
    consent_person,
    policy_person,
    outbox_person,
    flows_person,
    feedback_person,
)


def handle_store_event(*, event: StoreEvent, now: datetime) -> None:
    """Take one thing that happened in the shop through every stage, in one transaction.

    A second call with an event that is handled already does nothing. Of a person who was erased,
    nothing is taken in again.
    """
    snapshot = store.load(event=event)
    with transaction.atomic():
        if not events.begin(event=event):
            return
        if snapshot is not None and not is_erased(buyer=snapshot.buyer):
            profile = profiles.identify(snapshot=snapshot, stages=PERSON_STAGES, now=now)
            changes = store.apply(
                snapshot=snapshot,
                profile_id=profile.pk if profile else None,
                is_backfill=event.is_backfill,
            )
            profiles.update_totals(profile=profile, snapshot=snapshot)
            changes += consent.take_declarations(changes=changes, now=now)
            confirmations.ask(changes=changes, now=now)
            flows.take(changes=changes, now=now)
        elif snapshot is not None:
            events.forget(subjects=[(event.kind, event.subject_id)], now=now)
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


def undo_merge(*, merge_id: int, now: datetime) -> Profile:
    """Make two people of one again; what came since stays with the one that remained."""
    return profiles.undo_merge(merge_id=merge_id, stages=PERSON_STAGES, now=now)


def export_person(*, profile_id: int) -> dict[str, Any]:
    """Everything kept about one person, under all the profiles they had, as plain JSON."""
    ids = profiles.family(profiles.standing_id(profile_id))
    whole = {"profile": privacy.export(profile_ids=ids)}
    whole |= {stage.NAME: stage.export(profile_ids=ids) for stage in PERSON_STAGES}
    return dict(json.loads(json.dumps(whole, cls=DjangoJSONEncoder)))


def erase_person(*, profile_id: int, now: datetime) -> bool:
    """Forget one person everywhere and for good; False if that was done before.

    Their addresses stay closed, as salted hashes: forgetting somebody must not lead to writing to
    them again.
    """
    with transaction.atomic():
        rows = profiles.lock_family(profile_id)
        if all(row.erased_at for row in rows):
            return False
        for stage in PERSON_STAGES:
            stage.erase(profile_ids=[row.pk for row in rows], now=now)
        privacy.erase(rows, now=now)
    logger.info("profile %s was erased", profile_id)
    return True
