"""Versions of the policy, and places under the caps taken and given back by the batch."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cavaco_plugin.policy import ring
from cavaco_plugin.policy.definition import DEFAULT_POLICY, InvalidPolicy
from cavaco_plugin.policy.models import CapRing, PolicyVersion
from cavaco_plugin.policy.operations import merge_rings, publish, release, reserve
from cavaco_plugin.policy.queries import policy_in_force
from cavaco_plugin.profiles.models import Profile
from tests.policy.samples import NOON

DAY = timedelta(days=1)


def somebody() -> int:
    return Profile.objects.create(created_at=NOON, updated_at=NOON).pk


def entry(at=NOON, channel: str = "email") -> int:
    return ring.pack(at=at, channel=channel, topic="reminders")


def ring_of(profile_id: int) -> list[int]:
    return list(
        CapRing.objects.filter(profile_id=profile_id).values_list("sends", flat=True).first() or []
    )


@pytest.mark.django_db
def test_without_a_version_the_default_policy_is_in_force():
    assert policy_in_force() == (0, DEFAULT_POLICY)


@pytest.mark.django_db
def test_the_newest_version_is_in_force_and_the_others_stay():
    publish(definition={"max_hold": "P1D"}, now=NOON, created_by="staff:1")
    publish(definition={"max_hold": "P2D"}, now=NOON + DAY)
    number, policy = policy_in_force()
    assert (number, policy.max_hold) == (2, 2 * DAY)
    assert list(PolicyVersion.objects.order_by("number").values_list("number", "created_by")) == [
        (1, "staff:1"),
        (2, ""),
    ]


@pytest.mark.django_db
def test_a_policy_that_cannot_hold_changes_nothing():
    with pytest.raises(InvalidPolicy):
        publish(definition={"caps": "three"}, now=NOON)
    assert policy_in_force().number == 0


@pytest.mark.django_db
def test_places_are_taken_for_many_people_in_one_statement():
    people = [somebody() for _ in range(5)]
    with CaptureQueriesContext(connection) as asked:
        reserve(places=[(person, entry()) for person in people], now=NOON)
    assert len(asked) == 1
    assert [ring_of(person) for person in people] == [[entry()]] * 5


@pytest.mark.django_db
def test_a_ring_stays_in_order_and_forgets_what_no_window_reaches():
    maya = somebody()
    early, late = entry(NOON - 32 * DAY), entry(NOON - 30 * DAY)
    reserve(places=[(maya, late), (maya, early)], now=NOON - 30 * DAY)
    assert ring_of(maya) == [early, late]
    reserve(places=[(maya, entry()), (maya, entry(channel="sms"))], now=NOON)
    assert ring_of(maya) == [late, entry(), entry(channel="sms")]


@pytest.mark.django_db
def test_a_place_given_back_is_free_and_the_others_stay():
    maya, ben = somebody(), somebody()
    reserve(places=[(maya, entry()), (maya, entry(NOON + DAY)), (ben, entry())], now=NOON)
    with CaptureQueriesContext(connection) as asked:
        release(places=[(maya, entry()), (maya, 1), (10**9, 1)])
    assert len(asked) == 1
    assert (ring_of(maya), ring_of(ben)) == ([entry(NOON + DAY)], [entry()])


@pytest.mark.django_db
def test_nothing_to_take_or_give_back_asks_nothing():
    with CaptureQueriesContext(connection) as asked:
        reserve(places=[], now=NOON)
        release(places=[])
    assert len(asked) == 0


@pytest.mark.django_db
def test_of_two_people_who_are_one_all_sends_count():
    winner, loser = somebody(), somebody()
    reserve(places=[(winner, entry(NOON + DAY)), (loser, entry())], now=NOON)
    merge_rings(winner_id=winner, loser_id=loser)
    assert (ring_of(winner), ring_of(loser)) == ([entry(), entry(NOON + DAY)], [entry()])
    merge_rings(winner_id=somebody(), loser_id=somebody())


class RingsAsSets(TestCase):
    """Any sequence of takings and givings leaves what a set would hold."""

    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 5)), max_size=12))
    def test_rings_hold_what_was_taken_and_not_given_back(self, acts):
        people = [somebody() for _ in range(3)]
        expected: dict[int, set[int]] = {person: set() for person in people}
        for takes, who, hours in acts:
            place = (people[who], entry(NOON + timedelta(hours=hours)))
            if takes and place[1] not in expected[place[0]]:
                reserve(places=[place], now=NOON)
                expected[place[0]].add(place[1])
            elif not takes:
                release(places=[place])
                expected[place[0]].discard(place[1])
        assert {person: set(ring_of(person)) for person in people} == expected
        assert all(ring_of(person) == sorted(ring_of(person)) for person in people)
