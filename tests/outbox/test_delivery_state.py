"""The states of a message: what may follow what, and what a receipt proves."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.outbox.delivery_state import (
    FINAL,
    LEASED,
    STOPPABLE,
    MessageState,
    after_receipt,
    may_move,
    sources_of,
)

STATES = [state.value for state in MessageState]
KINDS = [
    "accepted",
    "deferred",
    "delivered",
    "bounced",
    "failed",
    "complained",
    "opened",
    "clicked",
    "unsubscribed",
    "received",
    "unknown",
]
# How far on its way a message is known to be; nothing goes back.
FAR = {"accepted": 1, "delivered": 2, "bounced": 3}


def test_a_message_that_was_dropped_or_bounced_stays_so():
    assert [
        state for state in STATES if not any(may_move(state=state, to=to) for to in STATES)
    ] == [
        "bounced",
        "dropped",
    ]


def test_every_state_is_waiting_leased_or_final():
    assert FINAL | LEASED | {"ready"} == set(STATES)
    assert {"ready", "claimed"} == STOPPABLE


def test_nothing_is_sent_twice_by_moving_on():
    """From where the provider may have heard of it, only its own word leads back to ready."""
    assert sources_of("ready") == ["claimed", "sending", "unknown"]
    assert sources_of("claimed") == ["ready"]
    assert sources_of("sending") == ["claimed"]
    assert sources_of("dropped") == ["claimed", "ready"]


@pytest.mark.parametrize(
    ("state", "kind", "expected"),
    [
        ("accepted", "delivered", "delivered"),
        ("accepted", "bounced", "bounced"),
        ("accepted", "failed", "failed"),
        ("accepted", "accepted", None),
        ("accepted", "deferred", None),
        ("accepted", "clicked", "delivered"),
        ("delivered", "bounced", "bounced"),
        ("delivered", "accepted", None),
        ("delivered", "failed", None),
        ("bounced", "delivered", None),
        ("unknown", "accepted", "accepted"),
        ("unknown", "delivered", "delivered"),
        ("unknown", "failed", "failed"),
        ("sending", "delivered", "delivered"),
        ("ready", "delivered", "delivered"),
        ("claimed", "delivered", "delivered"),
        ("failed", "delivered", "delivered"),
        ("dropped", "delivered", None),
        ("accepted", "received", None),
        ("accepted", "something new", None),
    ],
)
def test_what_a_receipt_proves(state, kind, expected):
    assert after_receipt(state=state, kind=kind) == expected


def test_machines_move_nothing():
    assert {after_receipt(state=s, kind=k, is_machine=True) for s, k in product(STATES, KINDS)} == {
        None
    }


@given(start=st.sampled_from(STATES), kinds=st.lists(st.sampled_from(KINDS), max_size=12))
def test_receipts_in_any_order_never_lead_backwards(start, kinds):
    state = start
    for kind in kinds:
        moved = after_receipt(state=state, kind=kind)
        if moved is not None:
            assert may_move(state=state, to=moved)
            assert FAR.get(moved, 0) > FAR.get(state, 0) or moved == "failed"
            state = moved
