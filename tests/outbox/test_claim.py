"""The claim: what is true at its commit decides, exactly one worker gets a message, caps hold."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cavaco_plugin.consent.models import ConsentState
from cavaco_plugin.outbox.claim import claim
from cavaco_plugin.outbox.models import Decision, Message
from cavaco_plugin.policy import ring
from cavaco_plugin.policy.models import CapRing
from cavaco_plugin.policy.operations import publish
from tests.outbox.makers import (
    DAY,
    HOUR,
    NOON,
    admit,
    buys,
    checkout,
    copy_of_checkout,
    flow,
    grant,
    person,
    request,
    wish,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sendgrid")]

LATER = NOON + timedelta(minutes=5)


def reload(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def last_decision(message: Message) -> Decision:
    return Decision.objects.filter(message=message).latest("id")


def test_a_claimed_message_is_leased_and_has_its_place_under_the_caps():
    (message,) = admit(wish(person()))
    batch = claim(now=LATER)
    (claimed,) = batch.claimed
    row = reload(message)
    assert (row.state, row.claim_token, row.lease_until) == (
        "claimed",
        claimed.token,
        LATER + timedelta(minutes=5),
    )
    assert CapRing.objects.get(profile=row.profile).sends == [row.cap_entry]
    assert ring.moment_of(row.cap_entry) == LATER
    assert (last_decision(row).stage, last_decision(row).verdict) == ("claim", "allow")


def test_nobody_claims_a_message_before_its_time_nor_twice():
    admit(wish(person(), due_at=LATER))
    assert claim(now=NOON).claimed == []
    assert len(claim(now=LATER).claimed) == 1
    assert claim(now=LATER).claimed == []


def test_the_more_urgent_goes_first():
    maya = person()
    slow, fast = admit(
        wish(maya, priority=50), wish(maya, priority=10, due_at=NOON + timedelta(minutes=1))
    )
    (claimed,) = claim(now=LATER, limit=1).claimed
    assert claimed.id == fast.pk
    assert reload(slow).state == "ready"


def change_nothing(message, shop):
    pass


def buy(message, shop):
    buys(message.profile, at=LATER)


def withdraw(message, shop):
    ConsentState.objects.filter(profile=message.profile).update(state="withdrawn")


def erase(message, shop):
    message.profile.erased_at = LATER
    message.profile.save()


def pause_flow(message, shop):
    message.flow.__class__.objects.filter(pk=message.flow_id).update(status="paused")


def empty_cart(message, shop):
    copy_of_checkout("t1", deleted_at=LATER)


def go_to_till(message, shop):
    shop.at_the_till.add("t1")


@pytest.mark.parametrize(
    ("happening", "state", "reason"),
    [
        (change_nothing, "claimed", ""),
        (buy, "dropped", "converted"),
        (withdraw, "dropped", "consent_withdrawn"),
        (erase, "dropped", "erased"),
        (pause_flow, "ready", "flow_stopped"),
        (empty_cart, "dropped", "checkout_gone"),
        (go_to_till, "ready", "being_bought"),
    ],
)
def test_what_happens_between_admission_and_claim_counts(shop, happening, state, reason):
    shop.open_checkouts["t1"] = checkout("t1")
    maya = person()
    wished = request(
        maya, subject={"checkout": "t1"}, purchase_proof_since=NOON - HOUR, flow_id=flow().pk
    )
    (message,) = admit(wished)
    assert (message.state, message.reason) == ("ready", "")
    happening(message, shop)
    claim(now=LATER)
    row = reload(message)
    assert (row.state, row.reason) == (state, reason)
    assert last_decision(row).stage == "claim"
    assert (row.final_at is not None) == (state == "dropped")


def test_a_checkout_at_the_till_is_asked_about_again_in_a_minute(shop):
    shop.at_the_till.add("t1")
    (message,) = admit(request(person(), subject={"checkout": "t1"}, purchase_proof_since=NOON))
    claim(now=NOON)
    assert reload(message).due_at == NOON + timedelta(minutes=1)


def test_late_after_an_outage_nothing_stale_is_sent():
    (message,) = admit(wish(person(), expires_at=NOON + 4 * HOUR))
    assert claim(now=NOON + 5 * HOUR).dropped == 1
    assert reload(message).reason == "expired"


def test_a_message_held_over_night_goes_out_in_the_morning():
    admit(wish(person(), due_at=NOON + 11 * HOUR, expires_at=NOON + 2 * DAY))
    assert claim(now=NOON + 18 * HOUR).claimed == []
    assert len(claim(now=NOON + 19 * HOUR).claimed) == 1


def test_three_a_week_go_out_and_the_fourth_waits_for_the_first_to_be_a_week_old():
    maya = person()
    messages = admit(*[wish(maya, expires_at=NOON + 9 * DAY) for _ in range(4)])
    batch = claim(now=NOON)
    assert (len(batch.claimed), batch.held) == (3, 1)
    held = next(row for row in map(reload, messages) if row.state == "ready")
    first = min(CapRing.objects.get(profile=maya).sends)
    assert (held.reason, held.due_at) == ("capped", ring.moment_of(first) + 7 * DAY)
    assert len(claim(now=held.due_at).claimed) == 1


def test_the_persons_own_cap_holds_in_one_batch_too():
    maya = person(personal_cap={"messages": 1, "days": 7})
    admit(*[wish(maya) for _ in range(3)])
    batch = claim(now=NOON)
    assert (len(batch.claimed), batch.dropped) == (1, 2)


def test_messages_that_are_not_counted_take_no_place():
    publish(definition={"counted": []}, now=NOON)
    admit(wish(person()), wish(person(), is_test=True))
    assert [claimed.cap_entry for claimed in claim(now=NOON).claimed] == [None, None]
    assert not CapRing.objects.exists()


def test_a_decision_names_the_version_of_the_policy_it_rests_on():
    publish(definition={}, now=NOON)
    publish(definition={"caps": []}, now=NOON)
    (message,) = admit(wish(person()))
    claim(now=NOON)
    assert last_decision(message).inputs["policy"] == 2


def test_a_message_of_who_was_merged_away_follows_to_the_winner():
    winner, loser = person(email="winner@example.com"), person()
    (message,) = admit(wish(loser))
    loser.merged_into = winner
    loser.save()
    assert claim(now=NOON).claimed == []
    (claimed,) = claim(now=NOON).claimed
    assert (claimed.person.id, claimed.address) == (winner.pk, "winner@example.com")
    assert reload(message).profile_id == winner.pk


def test_a_channel_that_stays_off_is_explained_once():
    (message,) = admit(wish(person(phone="+447700900123"), channel="sms", expires_at=NOON + DAY))
    for minutes in range(10, 60, 10):
        claim(now=NOON + timedelta(minutes=minutes))
    assert reload(message).due_at == NOON + timedelta(minutes=60)
    assert Decision.objects.filter(message=message).count() == 1


def test_a_thousand_messages_ask_as_many_questions_as_one(shop):
    def statements(count: int) -> int:
        people = [person() for _ in range(count)]
        shop.open_checkouts["t1"] = checkout("t1")
        admit(*[request(p, subject={"checkout": "t1"}, purchase_proof_since=NOON) for p in people])
        with CaptureQueriesContext(connection) as asked:
            batch = claim(now=NOON, limit=count)
        assert len(batch.claimed) == count
        return len(asked)

    assert statements(1) == statements(100) == statements(1000) <= 22


def test_every_message_that_was_asked_about_has_its_decision(shop):
    maya = person()
    wishes = [
        wish(person()),
        wish(maya, topic="newsletter"),
        wish(maya, expires_at=NOON),
        wish(person(consents=False)),
    ]
    grant(maya, topic="after_purchase", state="pending")
    messages = admit(*wishes, wish(maya, topic="after_purchase"))
    claim(now=NOON)
    explained = {row.message_id: row for row in Decision.objects.order_by("id")}
    assert set(explained) == {message.pk for message in messages}
    assert all(row.rule and row.reason for row in explained.values() if row.verdict != "allow")
