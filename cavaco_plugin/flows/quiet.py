"""Carts whose quiet time is over: are they abandoned, as they are now?"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from cavaco_plugin.flows import queries
from cavaco_plugin.flows.candidates import Candidate, OpenFlow
from cavaco_plugin.flows.due import ClaimedTimer, drop, put_off
from cavaco_plugin.flows.entering import enter
from cavaco_plugin.flows.triggers.checkout_abandoned import Cart, CheckoutAbandoned

# Locks the cart's person; whoever another worker holds is missing and comes next time.
LOCK_PEOPLE = """
SELECT c.id, p.id FROM cavaco_checkout c JOIN cavaco_profile p ON p.id = c.profile_id
WHERE c.id = ANY(%s) FOR NO KEY UPDATE OF p SKIP LOCKED
"""
# After the lock, so that it sees what whoever held the person before has committed.
READ = """
SELECT c.id, c.token, c.profile_id, c.episode, c.activity_revision, c.activity_at, c.currency, c.total, c.lines,
       c.sales_channel, c.is_completing, c.is_paid, c.deleted_at IS NOT NULL,
       c.completed_at IS NOT NULL OR EXISTS (
           SELECT FROM cavaco_order o WHERE o.checkout_token = c.token
       ) OR EXISTS (
           SELECT FROM cavaco_order o WHERE o.profile_id = c.profile_id AND o.placed_at >= c.activity_at
       )
FROM cavaco_checkout c WHERE c.id = ANY(%s)
"""
# The shop is making an order of it this instant; a flag older than this was forgotten.
AT_THE_TILL = timedelta(minutes=10)
FORGOTTEN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class QuietCart:
    """A checkout with what its timer is checked against."""

    cart: Cart
    revision: int
    is_completing: bool


def fire_quiet(timers: Sequence[ClaimedTimer], *, now: datetime) -> int:
    """Let in the people whose carts are abandoned, and take the timers away.

    Returns how many were left alone because somebody else holds their people.
    """
    if not timers:
        return 0
    copy_ids = {timer.subject_id for timer in timers}
    owners = _lock_people(copy_ids)
    carts = _read(copy_ids)
    flows = {flow.id: flow for flow in queries.open_flows()}
    done: list[ClaimedTimer] = []
    at_the_till: list[ClaimedTimer] = []
    candidates = []
    for timer in timers:
        found, flow = carts.get(timer.subject_id), flows.get(timer.flow_id)
        if found is None or flow is None or _is_stale(timer, found, flow):
            done.append(timer)
        elif owners.get(timer.subject_id) != found.cart.profile_id:
            continue
        elif found.is_completing and now < found.cart.activity_at + FORGOTTEN:
            at_the_till.append(timer)
        else:
            candidates += _candidate(flow, found.cart)
            done.append(timer)
    enter(candidates, now=now)
    drop(done)
    put_off(at_the_till, to=now + AT_THE_TILL)
    return len(timers) - len(done) - len(at_the_till)


def _is_stale(timer: ClaimedTimer, found: QuietCart, flow: OpenFlow) -> bool:
    """Whether the cart was touched since, belongs to nobody, or went quiet before the flow was on."""
    cart = found.cart
    return (
        timer.revision != found.revision
        or cart.profile_id is None
        or cart.activity_at < flow.activated_at
    )


def _candidate(flow: OpenFlow, cart: Cart) -> list[Candidate]:
    trigger = flow.definition.trigger
    entry = trigger.entry_of(cart) if isinstance(trigger, CheckoutAbandoned) else None
    return [Candidate(flow, entry)] if entry else []


def _lock_people(copy_ids: Collection[int]) -> dict[int, int]:
    """Checkout copy id → its person, locked."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_PEOPLE, [list(copy_ids)])
        return dict(cursor.fetchall())


def _read(copy_ids: Collection[int]) -> Mapping[int, QuietCart]:
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(copy_ids)])
        return {row[0]: _cart(row[1:]) for row in cursor.fetchall() if row[5] is not None}


def _cart(row: Sequence[Any]) -> QuietCart:
    (
        token,
        profile_id,
        episode,
        revision,
        activity_at,
        currency,
        total,
        lines,
        sales_channel,
        is_completing,
        is_paid,
        is_gone,
        has_order,
    ) = row
    listed = json.loads(lines) if isinstance(lines, str) else lines
    cart = Cart(
        token=token,
        episode=episode,
        profile_id=profile_id,
        activity_at=activity_at,
        currency=currency,
        total=Decimal(total),
        lines=len(listed),
        buyable_lines=sum(bool(line.get("is_available", True)) for line in listed),
        sales_channel=sales_channel,
        is_gone=is_gone,
        is_paid=is_paid,
        has_order=has_order,
    )
    return QuietCart(cart, revision, is_completing)
