"""Two people become one in every stage, and two again."""

import pytest
from django.db import transaction

from cavaco_plugin import models, pipeline
from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.policy.models import CapRing
from cavaco_plugin.profiles.merging import merge
from cavaco_plugin.profiles.models import ContactPoint, MergeLog, Profile
from cavaco_plugin.profiles.operations import lock
from cavaco_plugin.store.snapshots import Buyer
from tests.path.world import let_pass, take_in

pytestmark = pytest.mark.django_db

PHONE = "+49301234567"
ANNA = Buyer(email="anna@example.com", first_name="Anna", country="DE")
NIGHT_ANNA = Buyer(email="a.ott@example.com", phone=PHONE, last_name="Ott", country="DE")
AGREED = {"consent_declaration": "email"}
# What a merge may leave behind: its own log, and when rows were written.
LEFT_BEHIND = {"updated_at", "id"}
UNTOUCHED = {"MergeLog", "Watermark", "StoreEvent"}


def everything() -> dict[str, list[tuple]]:
    """All rows of all tables, without what a merge may leave behind."""
    found = {}
    for name in set(models.__all__) - UNTOUCHED:
        table = getattr(models, name)
        columns = [f.attname for f in table._meta.concrete_fields if f.name not in LEFT_BEHIND]
        found[name] = sorted(map(repr, table._default_manager.values_list(*columns)))
    return found


@pytest.fixture
def two(shop, mailbox) -> tuple[Profile, Profile]:
    """Each has a cart, a consent and a message that counts; one bought, the other is still reminded."""
    shop.cart("c1", buyer=ANNA, **AGREED)
    shop.cart("c2", buyer=NIGHT_ANNA, **AGREED)
    let_pass(shop, hours=2)
    shop.order("o1", buyer=ANNA, token="c1")
    shop.order("o2", buyer=Buyer(email=ANNA.email), is_imported=True)
    let_pass(shop, hours=1)
    points = ContactPoint.objects.select_related("profile")
    return (
        points.get(value="anna@example.com").profile,
        points.get(value="a.ott@example.com").profile,
    )


def meet(shop) -> MergeLog:
    """Anna orders with the phone of her other self."""
    shop.customer("7", "anna@example.com")
    shop.tables["customer"]["7"] = shop.tables["customer"]["7"].model_copy(
        update={"buyer": Buyer(user_id="7", email="anna@example.com", phone=PHONE, country="DE")}
    )
    take_in(shop.now)
    return MergeLog.objects.get()


def test_everything_of_both_belongs_to_the_one_who_remains(two, shop):
    anna, night = two
    counts = [CapRing.objects.get(profile=each).sends for each in two]
    messages = Message.objects.count()
    log = meet(shop)
    assert (log.winner_id, log.loser_id) == (anna.pk, night.pk)
    assert set(Message.objects.values_list("profile_id", flat=True)) == {anna.pk}
    assert Message.objects.count() == messages
    assert set(Enrolment.objects.values_list("profile_id", flat=True)) == {anna.pk}
    assert CapRing.objects.get(profile=anna).sends == sorted(counts[0] + counts[1])
    anna.refresh_from_db()
    assert (anna.first_name, anna.last_name, anna.orders_count) == ("Anna", "Ott", 2)
    assert Enrolment.objects.get(state="live").live_key == f"abandonment:{anna.pk}"


def test_a_merge_undone_at_once_leaves_every_table_as_it_was(two, shop):
    anna, night = two
    before = everything()
    with transaction.atomic():
        winner, loser = lock([anna.pk, night.pk])
        log = merge(
            winner=winner,
            loser=loser,
            reason="by hand",
            stages=pipeline.PERSON_STAGES,
            now=shop.now,
        )
    assert everything() != before
    standing = pipeline.undo_merge(merge_id=log.pk, now=shop.now)
    assert standing.pk == night.pk
    assert everything() == before


def test_one_person_is_inside_a_flow_once_after_a_merge(shop, mailbox):
    shop.cart("c1", buyer=ANNA, **AGREED)
    shop.cart("c2", buyer=NIGHT_ANNA, **AGREED)
    let_pass(shop, hours=1.5)
    assert Enrolment.objects.filter(state="live").count() == 2
    meet(shop)
    live = Enrolment.objects.get(state="live")
    assert live.live_key == f"abandonment:{live.profile_id}"
    assert Enrolment.objects.get(state="exited").reason == "merged"
    let_pass(shop, hours=72, step=60)
    sent = Message.objects.filter(state="accepted").values_list("enrolment_id", flat=True)
    assert list(sent).count(live.pk) == 3 - 1
    assert len(sent) == 3


def test_the_cap_holds_for_both_names_together(two, shop, mailbox):
    """Three messages in seven days over all channels, however many names they were sent to."""
    meet(shop)
    before = Message.objects.filter(state="accepted", purpose="marketing").count()
    for number in range(4):
        shop.cart(f"more{number}", buyer=ANNA, quantity=number + 1, **AGREED)
        let_pass(shop, hours=26, step=60)
    after = Message.objects.filter(state="accepted", purpose="marketing").count()
    assert after <= max(before, 3)
