"""Our copy of a customer account."""

from datetime import datetime

from cavaco_plugin.kernel.keys import moment
from cavaco_plugin.store.addresses import normalise_email
from cavaco_plugin.store.changes import ChangeKind, StoreChange
from cavaco_plugin.store.diff import earliest, is_outdated
from cavaco_plugin.store.locks import lock_names
from cavaco_plugin.store.models import CustomerCopy
from cavaco_plugin.store.snapshots import Buyer, CustomerSnapshot


def apply_customer(
    *, snapshot: CustomerSnapshot, profile_id: int | None, is_backfill: bool
) -> list[StoreChange]:
    """Bring the copy up to the snapshot and say what happened to the account."""
    lock_names([f"customer:{snapshot.user_id}"])
    copy = CustomerCopy.objects.filter(shop_user_id=snapshot.user_id).first()
    is_first = copy is None
    if copy is None:
        if snapshot.is_deleted:
            return []
        copy = CustomerCopy(shop_user_id=snapshot.user_id)
    was_confirmed, was_deleted, declared = (
        copy.is_confirmed,
        copy.deleted_at,
        copy.consent_declaration,
    )
    is_news = not snapshot.is_deleted and not is_outdated(snapshot.updated_at, copy.updated_at)
    if is_news:
        _take_state(copy, snapshot)
    copy.profile_id = (is_news and profile_id) or copy.profile_id or profile_id
    copy.joined_at = earliest(copy.joined_at, snapshot.joined_at)
    if snapshot.is_deleted:
        copy.deleted_at = earliest(copy.deleted_at, snapshot.updated_at)
    copy.save()
    # An account met for the first time may be years old: what is already true of it is no news.
    since = snapshot.joined_at if is_first else snapshot.updated_at
    happened = {
        ChangeKind.CUSTOMER_CREATED: is_first,
        ChangeKind.CUSTOMER_CONFIRMED: copy.is_confirmed and not was_confirmed,
        ChangeKind.CUSTOMER_DELETED: copy.deleted_at is not None and was_deleted is None,
        ChangeKind.CONSENT_DECLARED: copy.consent_declaration not in ("", declared),
    }
    return [
        _change(copy, kind, at=since, is_backfill=is_backfill)
        for kind, is_new in happened.items()
        if is_new
    ]


def vanished_customer(user_id: str, *, at: datetime) -> CustomerSnapshot | None:
    """What is left to say of an account that the shop no longer has."""
    copy = CustomerCopy.objects.filter(shop_user_id=user_id).first()
    if copy is None:
        return None
    return CustomerSnapshot(
        user_id=user_id,
        buyer=Buyer(user_id=user_id, email=copy.email),
        is_confirmed=copy.is_confirmed,
        is_deleted=True,
        joined_at=copy.joined_at or at,
        updated_at=max(at, copy.updated_at),
    )


def _take_state(copy: CustomerCopy, snapshot: CustomerSnapshot) -> None:
    """What only the newest snapshot may say."""
    copy.updated_at = snapshot.updated_at
    copy.email = normalise_email(snapshot.buyer.email)
    copy.is_confirmed, copy.is_active = snapshot.is_confirmed, snapshot.is_active
    copy.consent_declaration = snapshot.consent_declaration


def _change(
    copy: CustomerCopy, kind: ChangeKind, *, at: datetime, is_backfill: bool
) -> StoreChange:
    if copy.profile_id is None:
        raise ValueError(f"customer {copy.shop_user_id}: an account is always somebody.")
    # An account is created, confirmed and deleted once; it may declare something many times.
    is_declaration = kind is ChangeKind.CONSENT_DECLARED
    data = {"is_confirmed": "true" if copy.is_confirmed else "false"}
    if is_declaration:
        data |= {"origin": "customer", "declaration": copy.consent_declaration}
    return StoreChange(
        kind=kind,
        key=f"{kind}:customer:{copy.shop_user_id}"
        + (f":{moment(copy.updated_at)}" if is_declaration else ""),
        profile_id=copy.profile_id,
        at=at,
        subject={"customer": copy.shop_user_id},
        copy_id=copy.pk,
        is_backfill=is_backfill,
        data=data,
    )
