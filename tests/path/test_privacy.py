"""One person told everything, or forgotten for good."""

import json

import pytest
from django.db import connection

from cavaco_plugin import pipeline
from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.models import __all__ as table_names
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.merging import CannotUndo
from cavaco_plugin.profiles.models import ContactPoint, MergeLog, Profile
from cavaco_plugin.store.models import CheckoutCopy, CustomerCopy, OrderCopy
from cavaco_plugin.store.snapshots import Buyer
from tests.path.world import deliver, ledger, let_pass

pytestmark = pytest.mark.django_db

PHONE = "+49301234567"
ANNA = Buyer(email="Anna.Ott@example.com", first_name="Annabella", last_name="Ott", country="DE")
BEN = Buyer(email="ben@example.com", first_name="Benedikt", country="DE")
AGREED = {"consent_declaration": "email"}
TRACES = ("anna.ott", "Annabella", "Ott", PHONE[1:])


@pytest.fixture
def anna(shop, mailbox, every_flow) -> Profile:
    """Somebody with a past: a reminder, an order, an account, a merge; and Ben, who has one too."""
    shop.tell = deliver
    shop.cart("c1", buyer=ANNA, **AGREED)
    shop.cart("c8", buyer=BEN, **AGREED)
    shop.order("o7", buyer=Buyer(phone=PHONE, last_name="Ott", country="DE"))
    let_pass(shop, hours=2)
    shop.customer("7", "anna.ott@example.com", **AGREED)
    both = ANNA.model_copy(update={"phone": PHONE, "user_id": "7"})
    shop.order("o1", buyer=both, token="c1")
    let_pass(shop, hours=2)
    return ContactPoint.objects.get(value="anna.ott@example.com").profile


def whole_database() -> str:
    """Every row of every table of ours, as text."""
    from cavaco_plugin import models

    found = []
    with connection.cursor() as cursor:
        for name in table_names:
            table = getattr(models, name)._meta.db_table
            cursor.execute(f"SELECT coalesce(json_agg(t)::text, '') FROM {table} t")
            found.append(cursor.fetchone()[0])
    return "\n".join(found)


def test_an_export_tells_everything_of_one_person_and_nothing_of_another(anna, shop):
    told = pipeline.export_person(profile_id=anna.pk)
    text = json.dumps(told)
    assert set(told) == {"profile", "store", "consent", "policy", "outbox", "flows", "feedback"}
    assert "ben@example.com" not in text
    assert "Benedikt" not in text
    assert {point["value"] for point in told["profile"]["contact_points"]} == {
        "7",
        "anna.ott@example.com",
        PHONE,
    }
    assert len(told["profile"]["profiles"]) == 2
    assert len(told["profile"]["merges"]) == 1
    assert {order["shop_order_id"] for order in told["store"]["orders"]} == {"o1", "o7"}
    assert {event["subject_id"] for event in told["store"]["events"]} == {"c1", "o1", "o7", "7"}
    assert told["consent"]["records"][0]["wording"] == "email"
    assert {run["flow"] for run in told["flows"]["enrolments"]} >= {"abandoned_cart", "welcome"}
    assert len(told["policy"]["counted_sends"]) >= 1
    first = told["outbox"]["messages"][0]
    assert first["address"] == "Anna.Ott@example.com"
    assert first["decisions"][0]["verdict"] == "allow"


def test_an_export_shows_what_a_message_said_or_why_it_can_not_any_more(anna, shop):
    told = pipeline.export_person(profile_id=anna.pk)["outbox"]["messages"]
    contents = {message["template_key"]: message["content"] for message in told}
    assert contents["cart_reminder_1"] == {"not_rendered": "checkout_gone"}
    welcome = next(text for key, text in contents.items() if key.startswith("welcome"))
    assert "Annabella" in welcome["text"] or "Alder & Finch" in welcome["text"]
    assert welcome["subject"]


def test_an_export_is_the_same_from_a_profile_that_was_merged_away(anna):
    merged = MergeLog.objects.get().loser_id
    assert pipeline.export_person(profile_id=merged) == pipeline.export_person(profile_id=anna.pk)


def test_an_erasure_leaves_no_trace_of_the_person_in_any_table(anna, shop):
    before = whole_database().casefold()
    assert all(trace.casefold() in before for trace in TRACES)

    assert pipeline.erase_person(profile_id=anna.pk, now=shop.now)

    after = whole_database().casefold()
    assert [trace for trace in TRACES if trace.casefold() in after] == []
    assert "benedikt" in after
    assert set(StoreEvent.objects.filter(subject_id="o1").values_list("payload", flat=True)) == {
        None
    }
    assert CheckoutCopy.objects.get().token == "c8"
    assert (OrderCopy.objects.count(), CustomerCopy.objects.count()) == (0, 0)


def test_an_erased_person_is_never_written_to_again(anna, shop, mailbox):
    shop.cart("c9", buyer=ANNA, **AGREED)
    let_pass(shop, hours=0.5)
    pipeline.erase_person(profile_id=anna.pk, now=shop.now)
    mailbox.ledger.clear()
    shop.cart("c9", buyer=ANNA, quantity=4, **AGREED)
    shop.customer("7", "anna.ott@example.com", **AGREED)
    shop.order("o2", buyer=ANNA, is_fulfilled=True, fulfilled_at=shop.now)
    let_pass(shop, hours=24 * 20, step=360)
    assert [taken.address for taken in mailbox.ledger.messages if "anna" in taken.address] == []
    assert not ContactPoint.objects.filter(value__contains="anna").exists()
    assert set(Suppression.objects.values_list("reason", flat=True)) == {"erased"}
    assert "anna.ott" not in whole_database().casefold()


def test_a_second_erasure_does_nothing(anna, shop):
    assert pipeline.erase_person(profile_id=anna.pk, now=shop.now)
    before = whole_database()
    shop.pass_time(hours=1)
    assert not pipeline.erase_person(profile_id=anna.pk, now=shop.now)
    assert whole_database() == before


def test_what_still_waits_for_an_erased_person_is_dropped(anna, shop):
    shop.cart("c9", buyer=ANNA, **AGREED)
    Message.objects.filter(profile=anna).update(state="ready", final_at=None)
    pipeline.erase_person(profile_id=anna.pk, now=shop.now)
    told = {(state, reason) for _, _, state, reason in ledger() if reason == "erased"}
    assert told == {("dropped", "erased")}
    assert not Message.objects.filter(profile=anna, state="ready").exists()


def test_a_merge_of_an_erased_person_can_not_be_undone(anna, shop):
    pipeline.erase_person(profile_id=anna.pk, now=shop.now)
    with pytest.raises(CannotUndo, match="was erased; that is for good"):
        pipeline.undo_merge(merge_id=MergeLog.objects.get().pk, now=shop.now)


def test_every_table_that_names_a_person_is_in_the_hands_of_a_stage(anna, shop):
    """A new table with a profile must be merged, exported and erased by somebody."""
    kept_by = {
        "store": {"CheckoutCopy", "OrderCopy", "CustomerCopy"},
        "profiles": {"ContactPoint", "MergeLog", "Profile"},
        "consent": {"ConsentRecord", "ConsentState", "OptInRequest"},
        "policy": {"CapRing"},
        "outbox": {"Message"},
        "flows": {"Enrolment"},
        "feedback": {"InboundMessage"},
    }
    naming = {relation.related_model.__name__ for relation in Profile._meta.related_objects}
    assert naming == set().union(*kept_by.values())
