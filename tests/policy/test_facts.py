"""The facts: what each is read from, for a whole batch."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.consent.operations import suppress
from cavaco_plugin.policy import people, ring
from cavaco_plugin.policy.facts import MessageFacts
from cavaco_plugin.policy.intent import Intent, Stop
from cavaco_plugin.policy.operations import reserve
from cavaco_plugin.policy.queries import load_facts
from cavaco_plugin.profiles.models import ContactPoint, Profile
from cavaco_plugin.store import port
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from tests.outbox.makers import (
    DAY,
    HOUR,
    NOON,
    TOPIC,
    buys,
    copy_of_checkout,
    flow,
    grant,
    person,
    published,
)
from tests.outbox.shop import FakeShop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> Iterator[FakeShop]:
    former = list(port._stores)
    made = FakeShop()
    port.use(made)
    yield made
    port._stores[:] = former


def facts_of(profile: Profile, *, stage: str = "claim", stops=None, **changes) -> MessageFacts:
    given = {
        "id": 7,
        "profile_id": profile.pk,
        "channel": "email",
        "purpose": "marketing",
        "topic": TOPIC,
        "sales_channel": "uk",
        "template_version_id": published("cart_reminder_1").active_version_id,
        "flow_id": None,
        "subject": {},
        "purchase_proof_since": None,
        "expires_at": None,
        "is_test": False,
    }
    intent = Intent(**(given | changes))
    (facts,) = load_facts(
        messages=[intent],
        people=people.read([profile.pk]),
        stops=stops or {},
        stage=stage,
        now=NOON,
    ).values()
    return facts


def test_the_address_is_the_one_seen_last_as_the_person_wrote_it():
    maya = person(email="maya@example.com")
    ContactPoint.objects.create(
        profile=maya,
        kind="email",
        value="maya.new@example.com",
        written="Maya.New@Example.com",
        first_seen_at=NOON,
        last_seen_at=NOON + HOUR,
    )
    assert facts_of(maya).address == "Maya.New@Example.com"
    assert facts_of(maya, channel="sms").address == ""


def test_who_they_are_and_what_they_asked_for():
    maya = person(personal_cap={"messages": 1, "days": 7}, paused_until=NOON + DAY)
    facts = facts_of(maya)
    assert (facts.personal_cap, facts.paused_until) == ((1, 7), NOON + DAY)
    assert (facts.time_zone, facts.country, facts.is_profile_erased) == (
        "Europe/London",
        "GB",
        False,
    )
    assert facts.template_purpose == "marketing"


def test_consent_is_that_for_the_channel_topic_and_sales_channel():
    maya = person(consents=False)
    assert facts_of(maya).consent == ""
    grant(maya)
    assert facts_of(maya).consent == "granted"
    assert facts_of(maya, topic="newsletter").consent == ""
    assert facts_of(maya, channel="sms").consent == ""


def test_who_left_a_channel_altogether_is_known_as_such():
    maya = person()
    assert facts_of(maya, channel="sms").has_left_channel is False
    grant(maya, channel="sms", topic="*", state="withdrawn")
    assert facts_of(maya, channel="sms").has_left_channel is True
    assert facts_of(maya, channel="email").has_left_channel is False


def test_every_standing_suppression_of_the_address_counts_however_it_is_spelt():
    maya = person(email="maya@example.com")
    for reason in (Suppression.Reason.COMPLAINT, Suppression.Reason.HARD_BOUNCE):
        suppress(channel="email", address="MAYA@example.com", reason=reason, now=NOON)
    suppress(channel="sms", address="+447700900123", reason=Suppression.Reason.MANUAL, now=NOON)
    assert facts_of(maya).suppressions == ("complaint", "hard_bounce")
    Suppression.objects.update(lifted_at=NOON)
    assert facts_of(maya).suppressions == ()


def test_the_sends_are_the_persons_ring():
    maya = person()
    entry = ring.pack(at=NOON, channel="sms", topic=TOPIC)
    reserve(places=[(maya.pk, entry)], now=NOON)
    assert facts_of(maya).sends == (entry,)


def test_a_purchase_counts_from_the_moment_asked_for():
    maya = person()
    buys(maya, at=NOON)
    assert facts_of(maya, purchase_proof_since=NOON - HOUR).purchased_at == NOON
    assert facts_of(maya, purchase_proof_since=NOON + HOUR).purchased_at is None
    assert facts_of(maya).purchased_at is None


def test_a_purchase_of_the_checkout_itself_counts_whoever_paid():
    maya = person()
    buys(person(), at=NOON - DAY, checkout_token="t1")
    facts = facts_of(maya, subject={"checkout": "t1"}, purchase_proof_since=NOON)
    assert facts.purchased_at == NOON - DAY


@pytest.mark.parametrize(("stage", "expected"), [("claim", True), ("admission", False)])
def test_the_till_is_asked_about_at_the_claim_only(shop, stage, expected):
    shop.at_the_till.add("t1")
    facts = facts_of(person(), stage=stage, subject={"checkout": "t1"}, purchase_proof_since=NOON)
    assert facts.is_being_bought is expected


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, ""),
        ({"lines": []}, "checkout_gone"),
        ({"deleted_at": NOON}, "checkout_gone"),
        ({"deleted_at": NOON, "completed_at": NOON}, ""),
    ],
)
def test_a_checkout_is_gone_when_it_is_empty_or_deleted_but_not_when_it_was_bought(columns, reason):
    copy_of_checkout("t1")
    CheckoutCopy.objects.update(**columns)
    assert facts_of(person(), subject={"checkout": "t1"}).void_reason == reason


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, ""),
        ({"refunded_at": NOON}, "order_refunded"),
        ({"refunded_at": NOON, "cancelled_at": NOON}, "order_cancelled"),
    ],
)
def test_an_order_that_no_longer_stands(columns, reason):
    maya = person()
    placed = buys(maya)
    OrderCopy.objects.update(**columns)
    assert facts_of(maya, subject={"order": placed.shop_order_id}).void_reason == reason


@pytest.mark.parametrize(
    ("status", "expected"), [("active", False), ("paused", True), ("draft", True)]
)
def test_a_flow_that_is_not_active_is_stopped(status, expected):
    assert facts_of(person(), flow_id=flow(status).pk).is_flow_stopped is expected


def test_a_stopped_channel_is_that_of_the_message():
    stops = {"email": Stop("down", NOON + timedelta(minutes=1))}
    there, elsewhere = (
        facts_of(person(), stops=stops),
        facts_of(person(), stops=stops, channel="sms"),
    )
    assert (there.channel_stopped_reason, there.channel_retry_at) == (
        "down",
        NOON + timedelta(minutes=1),
    )
    assert elsewhere.channel_stopped_reason == ""


def test_who_is_not_locked_is_not_judged():
    maya = person()
    assert load_facts(messages=[], people={}, stops={}, stage="claim", now=NOON) == {}
    assert people.lock_free([maya.pk])[maya.pk].public_id == maya.public_id
    assert people.read([10**9]) == {}


def test_who_was_merged_away_is_found_as_who_took_them_over():
    first, second, third = person(), person(), person()
    Profile.objects.filter(pk=first.pk).update(merged_into=second)
    Profile.objects.filter(pk=second.pk).update(merged_into=third)
    standing = people.read_standing([first.pk])
    assert standing[first.pk].id == third.pk
