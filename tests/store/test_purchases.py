"""Every way of knowing that a person bought."""

import pytest

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.events.operations import record
from cavaco_plugin.store.operations import apply
from cavaco_plugin.store.port import PurchaseQuestion
from cavaco_plugin.store.queries import purchases_from_copies
from cavaco_plugin.store.snapshots import Buyer
from tests.store.samples import NOON, minutes, order

pytestmark = pytest.mark.django_db

BUYER = Buyer(user_id="7", email="Anna@Example.com", phone="030 1234567", country="DE")


def question(message_id=1, *, since=0, **ways) -> PurchaseQuestion:
    known = {"checkout_token": "", "emails": (), "user_ids": (), "phones": ()}
    return PurchaseQuestion(message_id=message_id, since=minutes(since), **{**known, **ways})


@pytest.mark.parametrize(
    "way",
    [
        {"checkout_token": "c1"},
        {"emails": ("x@y.zz", "anna@example.com")},
        {"user_ids": ("7",)},
        {"phones": ("+49301234567",)},
    ],
)
def test_an_order_is_found_by_each_key(way):
    apply(
        snapshot=order(at=30, buyer=BUYER, checkout_token="c1"), profile_id=None, is_backfill=False
    )
    assert purchases_from_copies([question(**way)]) == {1: minutes(30)}


def test_a_purchase_before_the_moment_asked_for_is_none_unless_it_is_this_checkouts():
    apply(
        snapshot=order(at=30, buyer=BUYER, checkout_token="c1"), profile_id=None, is_backfill=False
    )
    asked = [
        question(1, since=31, emails=("anna@example.com",)),
        question(2, since=31, checkout_token="c1"),
    ]
    assert purchases_from_copies(asked) == {2: minutes(30)}


def test_nothing_known_matches_nothing():
    apply(snapshot=order(at=30, buyer=Buyer()), profile_id=None, is_backfill=False)
    assert purchases_from_copies([question()]) == {}
    assert purchases_from_copies([]) == {}


def test_an_order_still_in_the_inbox_is_a_purchase():
    snapshot = order(at=45, placed=30, buyer=BUYER, checkout_token="c1")
    record(
        source="saleor",
        kind="order",
        subject_id="o1",
        updated_at=snapshot.updated_at,
        payload=snapshot.model_dump(mode="json"),
        email="anna@example.com",
        checkout_token="c1",
        now=NOON,
    )
    asked = [
        question(1, emails=("anna@example.com",)),
        question(2, checkout_token="c1"),
        question(3, since=31, emails=("anna@example.com",)),
    ]
    assert purchases_from_copies(asked) == {1: minutes(30), 2: minutes(30)}
    StoreEvent.objects.update(handled_at=NOON)
    assert purchases_from_copies(asked) == {}


def test_the_earliest_purchase_answers_for_each_message():
    for number, at in enumerate((50, 20, 90)):
        apply(snapshot=order(f"o{number}", at=at, buyer=BUYER), profile_id=None, is_backfill=False)
    asked = [question(n, since=since, user_ids=("7",)) for n, since in ((1, 0), (2, 21), (3, 91))]
    assert purchases_from_copies(asked) == {1: minutes(20), 2: minutes(50)}


def test_a_batch_costs_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        purchases_from_copies([question(n, checkout_token=f"c{n}") for n in range(500)])
