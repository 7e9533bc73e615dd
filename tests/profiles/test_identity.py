"""Which keys lead to one person."""

import pytest

from cavaco_plugin.profiles.identity import Key, Owner, Plan, keys_of, resolve
from cavaco_plugin.store.snapshots import Buyer

USER = Key("user", "7", "7")
EMAIL = Key("email", "anna@example.com", "Anna@example.com")
PHONE = Key("phone", "+49301234567", "+49301234567")
ALL = (USER, EMAIL, PHONE)


def owner(profile_id, *, accounts="", emails=0, phones=0) -> Owner:
    return Owner(
        profile_id,
        accounts=frozenset(accounts),
        emails=frozenset(f"{n}@of-{profile_id}" for n in range(emails)),
        phones=frozenset(f"+{n} of {profile_id}" for n in range(phones)),
    )


def test_the_keys_of_a_buyer_are_normalised_and_ordered_by_strength():
    buyer = Buyer(user_id="7", email="Anna@example.com", phone="030 1234567", country="DE")
    assert keys_of(buyer) == ALL
    assert keys_of(Buyer(email="nonsense", phone="12")) == ()


def test_keys_nobody_holds_make_a_new_person():
    assert resolve(ALL, {}) == Plan(None, (), ALL)


def test_a_known_email_takes_up_the_account_and_the_phone():
    assert resolve(ALL, {EMAIL: owner(3)}) == Plan(3, (), (USER, PHONE))


def test_all_known_changes_nothing():
    anna = owner(3, accounts="7")
    assert resolve(ALL, dict.fromkeys(ALL, anna)) == Plan(3)


def test_profiles_that_share_a_buyers_keys_become_the_one_with_the_account():
    owners = {EMAIL: owner(2), PHONE: owner(9), USER: owner(5, accounts="7")}
    assert resolve(ALL, owners) == Plan(5, (2, 9))


def test_of_guests_the_one_known_longest_remains():
    assert resolve((EMAIL, PHONE), {EMAIL: owner(8), PHONE: owner(4)}) == Plan(4, (8,))


def test_two_accounts_that_share_a_phone_stay_two_people():
    owners = {USER: owner(5, accounts="7"), PHONE: owner(6, accounts="8")}
    assert resolve(ALL, owners) == Plan(5, (), (EMAIL,))


def test_a_new_account_with_anothers_phone_is_a_new_person_without_it():
    assert resolve(ALL, {PHONE: owner(6, accounts="8")}) == Plan(None, (), (USER, EMAIL))


def test_a_guest_whose_email_and_phone_belong_to_two_accounts_is_who_the_email_says():
    owners = {EMAIL: owner(5, accounts="7"), PHONE: owner(6, accounts="8")}
    assert resolve((EMAIL, PHONE), owners) == Plan(5)


def test_an_accounts_own_email_moves_to_it_and_anyone_elses_typing_does_not():
    owners = {EMAIL: owner(6, accounts="8")}
    assert resolve((USER, EMAIL), owners) == Plan(None, (), (USER,))
    assert resolve((USER, EMAIL), owners, is_own_account=True) == Plan(None, (), (USER, EMAIL))


def test_a_clerk_who_orders_for_many_gathers_only_so_many_addresses():
    clerk = owner(5, accounts="7", emails=5)
    assert resolve((USER, EMAIL), {USER: clerk}) == Plan(5)
    assert resolve((USER, EMAIL), {USER: clerk, EMAIL: owner(9, emails=1)}) == Plan(5)


def test_a_phone_that_many_guests_give_is_nobodys():
    counter = owner(4, emails=5, phones=1)
    assert resolve((EMAIL, PHONE), {PHONE: counter}) == Plan(None, (), (EMAIL,))


def test_profiles_separated_by_hand_stay_apart():
    owners = {EMAIL: owner(2), PHONE: owner(9)}
    plan = resolve((EMAIL, PHONE), owners, apart=frozenset({frozenset({2, 9})}))
    assert plan == Plan(2)


@pytest.mark.parametrize("keys", [ALL, (EMAIL, PHONE), (PHONE,), (USER,)])
def test_a_plan_never_attaches_what_somebody_else_keeps(keys):
    plan = resolve(keys, dict.fromkeys(keys, owner(1)))
    assert plan == Plan(1)
