"""Who a person is, by the keys that lead to them. Pure.

A user id is the strongest key, an e-mail address the next, a phone number the weakest. Two profiles
that share a key are one person, with two exceptions: two accounts of the shop are two people even
where they share a phone, and whoever gathers more addresses than a person has (a clerk who orders
for others) gathers no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cavaco_plugin.profiles.normalise import normalise_email, normalise_phone
from cavaco_plugin.store.snapshots import Buyer

KINDS = USER, EMAIL, PHONE = "user", "email", "phone"
MOST_OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Key:
    """One way to know a person: its kind, the normalised value, and how it was written."""

    kind: str
    value: str
    written: str

    @property
    def name(self) -> str:
        """The key in one word, for locks."""
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Owner:
    """A profile that some of the keys belong to, as much as identity asks of it."""

    profile_id: int
    accounts: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about a set of keys.

    Attributes:
        winner: the profile that remains; None: a new one.
        losers: profiles that are the same person.
        attach: keys that become the winner's, new or taken over.
    """

    winner: int | None
    losers: tuple[int, ...] = ()
    attach: tuple[Key, ...] = ()


def keys_of(buyer: Buyer) -> tuple[Key, ...]:
    """The keys of a buyer, strongest first; what can not be read is left out."""
    email = normalise_email(buyer.email)
    phone = normalise_phone(buyer.phone, country=buyer.country)
    found = (
        Key(USER, buyer.user_id, buyer.user_id),
        Key(EMAIL, email, buyer.email.strip()),
        Key(PHONE, phone, phone),
    )
    return tuple(key for key in found if key.value)


def resolve(
    keys: Sequence[Key],
    owners: Mapping[Key, Owner],
    *,
    apart: frozenset[frozenset[int]] = frozenset(),
    is_own_account: bool = False,
) -> Plan:
    """Who the keys belong to.

    Args:
        owners: the profiles that hold some of the keys.
        apart: pairs of profiles that somebody separated by hand; they stay apart.
        is_own_account: the keys come from the account itself, so that its e-mail address is proved
            to be its own and is taken over from whoever had it before.
    """
    person = _Person(keys)
    for key in keys:
        owner = owners.get(key)
        if owner is not None and person.may_be(owner, key, apart):
            person.join(owner)
    attach = tuple(
        key
        for key in keys
        if (key not in owners or person.takes_over(key, owners[key], is_own_account))
        and person.has_room(key)
    )
    winner = person.winner()
    losers = tuple(sorted(member for member in person.members if member != winner))
    return Plan(winner, losers, attach)


class _Person:
    """The profiles found to be one person so far, beginning with none."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.told = {kind: frozenset(k.value for k in keys if k.kind == kind) for kind in KINDS}
        self.accounts = self.told[USER]
        self.held: dict[str, frozenset[str]] = {EMAIL: frozenset(), PHONE: frozenset()}
        self.members: dict[int, Owner] = {}

    def may_be(self, owner: Owner, key: Key, apart: frozenset[frozenset[int]]) -> bool:
        """Whether the profile that holds `key` is this person."""
        if owner.profile_id in self.members or len(self.accounts | owner.accounts) > 1:
            return False
        if any(frozenset((owner.profile_id, member)) in apart for member in self.members):
            return False
        if not self.members and key.kind != PHONE:
            return True
        # By a phone alone, or through two keys at once: not if that makes a crowd of them.
        emails = self.held[EMAIL] | self.told[EMAIL] | owner.emails
        return max(len(emails), len(self.held[PHONE] | owner.phones)) <= MOST_OF_A_KIND

    def join(self, owner: Owner) -> None:
        self.members[owner.profile_id] = owner
        self.accounts |= owner.accounts
        self.held[EMAIL] |= owner.emails
        self.held[PHONE] |= owner.phones

    def takes_over(self, key: Key, owner: Owner, is_own_account: bool) -> bool:
        return key.kind == EMAIL and is_own_account and owner.profile_id not in self.members

    def has_room(self, key: Key) -> bool:
        return key.kind == USER or len(self.held[key.kind]) < MOST_OF_A_KIND

    def winner(self) -> int | None:
        """The profile with an account; else the one known longest."""
        with_account = [member for member, owner in self.members.items() if owner.accounts]
        return min(with_account or self.members, default=None)
