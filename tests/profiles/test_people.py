"""People are found, made, merged and separated."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from cavaco_plugin.profiles import queries
from cavaco_plugin.profiles.merging import CannotUndo, merge
from cavaco_plugin.profiles.models import ContactPoint, MergeLog, Profile
from cavaco_plugin.profiles.operations import (
    InvalidTrait,
    identify,
    lock,
    undo_merge,
    update_totals,
    update_traits,
)
from cavaco_plugin.store import person as store_person
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from cavaco_plugin.store.operations import apply
from cavaco_plugin.store.shop import save_identity
from cavaco_plugin.store.snapshots import Buyer
from tests.store.samples import ANNA, NOON, checkout, customer, minutes, order

STAGES = (store_person,)
PHONE = "+49301234567"


def meet(snapshot) -> Profile | None:
    with transaction.atomic():
        profile = identify(snapshot=snapshot, stages=STAGES, now=NOON)
        apply(snapshot=snapshot, profile_id=profile.pk if profile else None, is_backfill=False)
        update_totals(profile=profile, snapshot=snapshot)
    if profile:
        profile.refresh_from_db()
    return profile


def points(profile) -> set[tuple[str, str]]:
    return set(profile.contact_points.values_list("kind", "value"))


@pytest.mark.django_db
def test_a_guest_is_known_by_the_email_they_typed():
    profile = meet(checkout(buyer=Buyer(email=" ANNA@example.com", language="DE_AT", country="at")))
    assert points(profile) == {("email", "anna@example.com")}
    assert profile.contact_points.get().written == "ANNA@example.com"
    assert (profile.language, profile.country) == ("de-at", "AT")
    assert (profile.time_zone, profile.time_zone_source) == ("Europe/Vienna", "address")


@pytest.mark.django_db
def test_nobody_named_is_nobody():
    assert meet(checkout(buyer=Buyer(email="nonsense"))) is None
    assert identify(snapshot=None, stages=STAGES, now=NOON) is None


@pytest.mark.django_db
def test_the_same_person_again_is_the_same_profile():
    first = meet(checkout())
    assert meet(order(at=5)).pk == first.pk
    assert Profile.objects.count() == 1


@pytest.mark.django_db
def test_a_sales_channels_zone_stands_in_where_nothing_else_is_known():
    save_identity(sales_channel="eu", values={"time_zone": "Europe/Warsaw"}, now=NOON)
    unplaced = Buyer(email="anna@example.com")
    profile = meet(checkout(buyer=unplaced))
    assert (profile.time_zone, profile.time_zone_source) == ("Europe/Warsaw", "sales_channel")
    profile = meet(checkout(at=-5, buyer=ANNA))
    assert (profile.time_zone, profile.time_zone_source) == ("Europe/Warsaw", "sales_channel")
    profile = meet(checkout(at=5, buyer=ANNA))
    assert (profile.time_zone, profile.time_zone_source) == ("Europe/Berlin", "address")
    profile = meet(checkout(at=6, buyer=unplaced))
    assert (profile.time_zone, profile.time_zone_source) == ("Europe/Berlin", "address")


@pytest.mark.django_db
def test_a_stated_zone_is_never_overruled():
    profile = meet(checkout())
    Profile.objects.update(time_zone="Asia/Tokyo", time_zone_source="stated")
    profile = meet(checkout(at=5))
    assert (profile.time_zone, profile.time_zone_source) == ("Asia/Tokyo", "stated")


@pytest.mark.django_db
def test_the_newest_word_wins_and_an_older_one_fills_gaps():
    meet(checkout(at=10, buyer=Buyer(email=ANNA.email, first_name="Anna-Lena")))
    profile = meet(checkout(at=5, buyer=Buyer(email=ANNA.email, first_name="A.", last_name="Ott")))
    assert (profile.first_name, profile.last_name) == ("Anna-Lena", "Ott")


@pytest.mark.django_db
def test_an_account_brings_two_guests_together():
    by_email = meet(checkout("c1"))
    by_phone = meet(checkout("c2", buyer=Buyer(phone=PHONE)))
    account = customer(at=9, buyer=ANNA.model_copy(update={"phone": PHONE}))
    profile = meet(account)
    assert profile.pk == by_email.pk
    assert points(profile) == {("user", "7"), ("email", "anna@example.com"), ("phone", PHONE)}
    assert profile.contact_points.get(kind="email").verified_at == minutes(9)
    assert Profile.objects.get(pk=by_phone.pk).merged_into_id == profile.pk
    assert set(CheckoutCopy.objects.values_list("profile_id", flat=True)) == {profile.pk}
    assert queries.family(profile.pk) == [by_email.pk, by_phone.pk]
    assert queries.find(kind="phone", value=PHONE) == profile


@pytest.mark.django_db
def test_two_accounts_that_share_a_phone_are_two_people_and_one_phone():
    anna = meet(customer("7", buyer=ANNA.model_copy(update={"phone": PHONE})))
    ben = meet(customer("8", at=1, buyer=Buyer(email="ben@example.com", phone=PHONE)))
    assert anna.pk != ben.pk
    assert ContactPoint.objects.get(value=PHONE).profile_id == anna.pk
    assert MergeLog.objects.count() == 0


@pytest.mark.django_db
def test_an_email_an_account_gave_up_belongs_to_the_next_account_that_has_it():
    before = meet(customer("7"))
    after = meet(customer("8", at=5))
    assert before.pk != after.pk
    assert points(before) == {("user", "7")}
    assert points(after) == {("user", "8"), ("email", "anna@example.com")}


@pytest.mark.django_db
def test_whoever_comes_back_after_deleting_the_account_is_the_same_person():
    before = meet(customer("7"))
    meet(customer("7", at=1, is_deleted=True))
    assert meet(customer("8", at=5)).pk == before.pk


@pytest.mark.django_db
def test_totals_are_counted_from_the_orders_however_often_they_are_told():
    for _ in range(3):
        meet(order("o1", at=0, total="10.50"))
        meet(order("o2", at=5, total="20.00", refunded_total="5.00"))
        meet(order("o3", at=9, total="7", currency="USD"))
        profile = meet(order("o4", at=11, total="99.00", is_cancelled=True))
    assert (profile.orders_count, profile.orders_total) == (3, {"EUR": "25.5", "USD": "7"})
    assert (profile.first_order_at, profile.last_order_at) == (minutes(0), minutes(9))


def state_of(*profiles) -> list:
    """Everything a merge may touch of these people."""
    names = [f.attname for f in Profile._meta.concrete_fields if f.name != "updated_at"]
    return [
        [
            [getattr(Profile.objects.get(pk=p.pk), name) for name in names],
            sorted(ContactPoint.objects.filter(profile_id=p.pk).values_list()),
            sorted(OrderCopy.objects.filter(profile_id=p.pk).values_list("shop_order_id")),
            sorted(CheckoutCopy.objects.filter(profile_id=p.pk).values_list("token")),
        ]
        for p in profiles
    ]


def two_guests() -> tuple[Profile, Profile]:
    winner = meet(order("o1", buyer=Buyer(email=ANNA.email, first_name="Anna"), total="5"))
    loser = meet(
        order("o2", at=3, buyer=Buyer(phone=PHONE, last_name="Ott", country="DE"), total="7")
    )
    update_traits(profile_id=winner.pk, traits={"size": "M", "vip": True}, now=NOON)
    update_traits(profile_id=loser.pk, traits={"size": "L", "tags": ["a"]}, now=NOON)
    Profile.objects.filter(pk=winner.pk).update(personal_cap={"messages": 2, "days": 7})
    Profile.objects.filter(pk=loser.pk).update(
        personal_cap={"messages": 1, "days": 7}, paused_until=minutes(99)
    )
    return winner, loser


def bring_together() -> MergeLog:
    meet(checkout("c9", at=2, buyer=Buyer(email=ANNA.email, phone=PHONE)))
    return MergeLog.objects.get()


@pytest.mark.django_db
def test_a_merge_takes_the_newer_word_and_the_stricter_wish():
    winner, _ = two_guests()
    bring_together()
    winner.refresh_from_db()
    assert (winner.first_name, winner.last_name, winner.country) == ("Anna", "Ott", "DE")
    assert winner.traits == {"size": "L", "vip": True, "tags": ["a"]}
    assert winner.personal_cap == {"messages": 1, "days": 7}
    assert winner.paused_until == minutes(99)
    assert (winner.orders_count, winner.orders_total) == (2, {"EUR": "12"})


@pytest.mark.django_db
def test_a_merge_undone_leaves_everything_as_it_was():
    winner, loser = two_guests()
    before = state_of(winner, loser)
    log = merge_only(winner, loser)
    assert state_of(winner, loser) != before
    undo_merge(merge_id=log.pk, stages=STAGES, now=minutes(60))
    assert state_of(winner, loser) == before


def merge_only(winner, loser) -> MergeLog:
    with transaction.atomic():
        rows = {profile.pk: profile for profile in lock([winner.pk, loser.pk])}
        return merge(
            winner=rows[winner.pk], loser=rows[loser.pk], reason="test", stages=STAGES, now=NOON
        )


@pytest.mark.django_db
def test_what_came_after_the_merge_stays_with_the_winner():
    winner, loser = two_guests()
    log = merge_only(winner, loser)
    meet(order("o3", at=20, buyer=Buyer(phone=PHONE, first_name="Anja"), total="1"))
    undo_merge(merge_id=log.pk, stages=STAGES, now=minutes(60))
    winner.refresh_from_db()
    loser.refresh_from_db()
    assert (winner.first_name, winner.last_name) == ("Anja", "")
    assert (winner.orders_count, loser.orders_count) == (2, 1)
    assert points(loser) == {("phone", PHONE)}


@pytest.mark.django_db
def test_people_separated_by_hand_are_not_merged_again():
    winner, loser = two_guests()
    log = bring_together()
    undo_merge(merge_id=log.pk, stages=STAGES, now=NOON)
    profile = meet(checkout("c9", at=30, buyer=Buyer(email=ANNA.email, phone=PHONE)))
    assert profile.pk == winner.pk
    assert MergeLog.objects.count() == 1
    loser.refresh_from_db()
    assert loser.merged_into_id is None


@pytest.mark.django_db
def test_a_merge_is_undone_once_and_in_turn():
    winner, loser = two_guests()
    inner = merge_only(winner, loser)
    top = meet(customer("7", buyer=Buyer(email="new@example.com")))
    outer = merge_only(top, winner)
    with pytest.raises(CannotUndo, match=f"undo merge {outer.pk} first"):
        undo_merge(merge_id=inner.pk, stages=STAGES, now=NOON)
    undo_merge(merge_id=outer.pk, stages=STAGES, now=NOON)
    undo_merge(merge_id=inner.pk, stages=STAGES, now=NOON)
    with pytest.raises(CannotUndo, match="is undone already"):
        undo_merge(merge_id=inner.pk, stages=STAGES, now=NOON)
    with pytest.raises(CannotUndo, match="there is none"):
        undo_merge(merge_id=999_999, stages=STAGES, now=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("traits", "message"),
    [
        (
            {"Size": "M"},
            "trait 'Size': use a lower-case letter, then letters, digits and underscores.",
        ),
        (
            {"size": {"eu": 38}},
            "trait size: dict can not be kept; give a text, a number, true, false or a list of texts.",
        ),
    ],
)
def test_a_wrong_trait_is_named(traits, message):
    with pytest.raises(InvalidTrait) as caught:
        update_traits(profile_id=1, traits=traits, now=NOON)
    assert str(caught.value) == message


@pytest.mark.django_db
def test_a_trait_is_removed_by_none():
    profile = meet(checkout())
    update_traits(profile_id=profile.pk, traits={"size": "M", "vip": True}, now=NOON)
    update_traits(profile_id=profile.pk, traits={"size": None}, now=NOON)
    profile.refresh_from_db()
    assert profile.traits == {"vip": True}


def at_once(*works: Callable[[], None]) -> None:
    """Run these together; an error in one is an error here."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work):
        try:
            start.wait(10)
            work()
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_meet_a_new_person_make_one_profile():
    buyer = Buyer(user_id="7", email=ANNA.email, phone=PHONE)
    for round_number in range(15):
        Profile.objects.all().delete()
        CheckoutCopy.objects.all().delete()
        snapshots = [checkout(f"c{round_number}-{n}", at=n, buyer=buyer) for n in range(4)]
        at_once(*(lambda snapshot=snapshot: meet(snapshot) for snapshot in snapshots))
        profile = Profile.objects.get()
        assert len(points(profile)) == 3
        assert set(CheckoutCopy.objects.values_list("profile_id", flat=True)) == {profile.pk}


@pytest.mark.django_db(transaction=True)
def test_merges_from_all_sides_at_once_end_in_one_person():
    """Four guests, each pair linked by somebody, all at the same moment: no deadlock, one person."""
    for round_number in range(10):
        with transaction.atomic():
            Profile.objects.update(merged_into=None)
            MergeLog.objects.all().delete()
            Profile.objects.all().delete()
            CheckoutCopy.objects.all().delete()
        emails = [f"{name}{round_number}@example.com" for name in "ab"]
        phones = [f"+4930123456{digit}" for digit in "78"]
        for number, email in enumerate(emails):
            meet(checkout(f"e{number}", buyer=Buyer(email=email)))
        for number, phone in enumerate(phones):
            meet(checkout(f"p{number}", buyer=Buyer(phone=phone)))
        pairs = [(email, phone) for email in emails for phone in phones]
        at_once(
            *(
                lambda n=n, email=email, phone=phone: meet(
                    checkout(f"x{n}", at=n, buyer=Buyer(email=email, phone=phone))
                )
                for n, (email, phone) in enumerate(pairs)
            )
        )
        standing = Profile.objects.filter(merged_into=None)
        assert standing.count() == 1
        assert len(points(standing.get())) == 4
        owners = set(CheckoutCopy.objects.values_list("profile_id", flat=True))
        assert owners == {standing.get().pk}
