"""Whatever the order of arrival and however often it is told, the copies end up the same."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store.models import CheckoutCopy, CustomerCopy, OrderCopy
from cavaco_plugin.store.operations import apply
from tests.store.samples import ANNA, NOON, checkout, customer, line, order

# What follows the customer's pace depends on when we looked; all the rest is the shop's word.
PACE = {"id", "activity_at", "activity_revision", "episode"}
MOMENTS = st.integers(0, 2000)


@st.composite
def histories(draw):
    """What the shop says over time: each thing at distinct moments, a fact once true stays true."""
    snapshots = []
    for at in sorted(draw(st.sets(MOMENTS, max_size=5))):
        lines = tuple(line(str(n), draw(st.integers(1, 3))) for n in range(draw(st.integers(0, 2))))
        buyer = ANNA.model_copy(update={"postal_code": draw(st.sampled_from(["1", "2"]))})
        snapshots.append(checkout(at=at, lines=lines, buyer=buyer, is_paid=draw(st.booleans())))
    if snapshots and draw(st.booleans()):
        snapshots.append(checkout(at=3000, lines=(), is_deleted=True))
    fulfilled = refunded = cancelled = False
    token = draw(st.sampled_from(["", "c1"]))
    for at in sorted(draw(st.sets(MOMENTS, max_size=4))):
        fulfilled, refunded = fulfilled or draw(st.booleans()), refunded or draw(st.booleans())
        cancelled = cancelled or draw(st.booleans())
        snapshots.append(
            order(
                at=at,
                placed=0,
                checkout_token=token,
                total=str(draw(st.integers(1, 50))),
                is_fulfilled=fulfilled,
                is_refunded=refunded,
                is_cancelled=cancelled,
            )
        )
    confirmed = False
    for at in sorted(draw(st.sets(MOMENTS, max_size=3))):
        confirmed = confirmed or draw(st.booleans())
        snapshots.append(customer(at=at, is_confirmed=confirmed))
    return snapshots


def copies_after(snapshots):
    """What the tables hold afterwards, and the facts that were told; nothing is kept."""
    with transaction.atomic():
        anna = Profile.objects.create(pk=1, created_at=NOON, updated_at=NOON).pk
        told = [
            change.key
            for snapshot in snapshots
            for change in apply(snapshot=snapshot, profile_id=anna, is_backfill=False)
        ]
        rows = [
            {name: value for name, value in row.items() if name not in PACE}
            for model in (CheckoutCopy, OrderCopy, CustomerCopy)
            for row in model.objects.values()
        ]
        transaction.set_rollback(True)
    return rows, told


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(data=st.data(), history=histories())
def test_any_order_and_any_repetition_gives_the_same_copies(data, history):
    expected, told_in_order = copies_after(history)
    again = data.draw(st.lists(st.sampled_from(history), max_size=6)) if history else []
    shuffled = data.draw(st.permutations(history + again))

    copies, told = copies_after(shuffled)

    assert copies == expected
    once = [key for key in told if key.startswith(("order_", "customer_"))]
    assert sorted(once) == sorted(k for k in told_in_order if k.startswith(("order_", "customer_")))


@pytest.mark.django_db
@settings(max_examples=100, deadline=None)
@given(data=st.data(), history=histories())
def test_an_older_snapshot_is_never_activity(data, history):
    """Only what is newer than everything seen before may start or restart an abandonment."""
    with transaction.atomic():
        anna = Profile.objects.create(created_at=NOON, updated_at=NOON).pk
        newest = None
        for snapshot in data.draw(st.permutations(history * 2)) if history else []:
            changes = apply(snapshot=snapshot, profile_id=anna, is_backfill=False)
            if snapshot.__class__.__name__ != "CheckoutSnapshot":
                continue
            if any(change.kind == "checkout_activity" for change in changes):
                assert newest is None or snapshot.updated_at > newest
            newest = max(newest or snapshot.updated_at, snapshot.updated_at)
        transaction.set_rollback(True)
