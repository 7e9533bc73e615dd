"""Our copy of a checkout.

That a checkout is gone means neither "bought" nor "not bought": only an order with its token means
bought, and a checkout may outlive its order.
"""

from datetime import datetime

from cavaco_plugin.kernel.keys import moment
from cavaco_plugin.store.addresses import normalise_email, normalise_phone
from cavaco_plugin.store.changes import ChangeKind, StoreChange
from cavaco_plugin.store.diff import Activity, earliest, is_outdated, next_activity
from cavaco_plugin.store.locks import lock_names
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from cavaco_plugin.store.reconcile import started_at
from cavaco_plugin.store.snapshots import Buyer, CheckoutSnapshot


def apply_checkout(
    *, snapshot: CheckoutSnapshot, profile_id: int | None, is_backfill: bool
) -> list[StoreChange]:
    """Bring the copy up to the snapshot and say what the customer did."""
    lock_names([f"checkout:{snapshot.token}"])
    copy = CheckoutCopy.objects.filter(token=snapshot.token).first() or CheckoutCopy(
        token=snapshot.token
    )
    is_backfill = is_backfill or _is_from_before_us(copy, snapshot)
    before, had_lines = activity_of(copy), bool(copy.lines)
    # What was declared before anybody was known is news once somebody is.
    declared = copy.consent_declaration if copy.profile_id is not None else ""
    is_news = not snapshot.is_deleted and not is_outdated(snapshot.updated_at, copy.updated_at)
    if is_news:
        _take_state(copy, snapshot)
    copy.profile_id = (is_news and profile_id) or copy.profile_id or profile_id
    _take_facts(copy, snapshot)
    copy.save()
    if copy.profile_id is None or not is_news or copy.deleted_at:
        return []
    kinds = {
        ChangeKind.CHECKOUT_ACTIVITY: activity_of(copy) != before
        and copy.lines
        and not copy.completed_at,
        ChangeKind.CHECKOUT_EMPTIED: had_lines and not copy.lines,
        ChangeKind.CONSENT_DECLARED: copy.consent_declaration not in ("", declared),
    }
    return [
        checkout_change(copy, kind, is_backfill=is_backfill)
        for kind, happened in kinds.items()
        if happened
    ]


def activity_of(copy: CheckoutCopy) -> Activity:
    """The activity a copy remembers."""
    return Activity(
        copy.activity_fingerprint, copy.activity_at, copy.activity_revision, copy.episode
    )


def checkout_change(
    copy: CheckoutCopy, kind: ChangeKind, *, is_backfill: bool, at: datetime | None = None
) -> StoreChange:
    """A fact about a checkout whose person is known; it is named by the state that showed it."""
    if copy.profile_id is None:
        raise ValueError(
            f"checkout {copy.token}: nobody is known behind it, so nothing can follow from it."
        )
    at = at or copy.updated_at
    data = {"episode": str(copy.episode), "revision": str(copy.activity_revision)}
    if kind is ChangeKind.CONSENT_DECLARED:
        data |= {"origin": "checkout", "declaration": copy.consent_declaration}
    return StoreChange(
        kind=kind,
        key=f"{kind}:checkout:{copy.token}:{moment(at)}",
        profile_id=copy.profile_id,
        at=at,
        subject={"checkout": copy.token},
        copy_id=copy.pk,
        sales_channel=copy.sales_channel,
        is_backfill=is_backfill,
        data=data,
    )


def vanished_checkout(token: str, *, at: datetime) -> CheckoutSnapshot | None:
    """What is left to say of a checkout that the shop no longer has."""
    copy = CheckoutCopy.objects.filter(token=token).first()
    if copy is None:
        return None
    at = max(at, copy.updated_at)
    return CheckoutSnapshot(
        token=copy.token,
        sales_channel=copy.sales_channel,
        buyer=Buyer(user_id=copy.user_id, email=copy.email, phone=copy.phone),
        currency=copy.currency,
        total=copy.total,
        is_deleted=True,
        created_at=at,
        updated_at=at,
    )


def _is_from_before_us(copy: CheckoutCopy, snapshot: CheckoutSnapshot) -> bool:
    """Whether we meet a checkout that is older than our beginning.

    What moved its timestamp now may be a clean-up of the shop, and what its customer did last may be
    a year ago: it is learnt as it stands, and counts from its next activity on.
    """
    began = started_at("checkout") if copy.pk is None else None
    return began is not None and snapshot.created_at < began


def _take_state(copy: CheckoutCopy, snapshot: CheckoutSnapshot) -> None:
    """What only the newest snapshot may say."""
    buyer = snapshot.buyer
    copy.sales_channel = snapshot.sales_channel
    copy.email, copy.phone = (
        normalise_email(buyer.email),
        normalise_phone(buyer.phone, country=buyer.country),
    )
    copy.user_id, copy.language, copy.country = buyer.user_id, buyer.language, buyer.country
    copy.currency, copy.total = snapshot.currency, snapshot.total
    copy.lines = [line.model_dump(mode="json") for line in snapshot.lines]
    copy.is_completing, copy.is_paid = snapshot.is_completing, snapshot.is_paid
    copy.updated_at = snapshot.updated_at
    copy.consent_declaration = snapshot.consent_declaration
    activity = next_activity(activity_of(copy), snapshot)
    copy.activity_fingerprint, copy.activity_at = activity.fingerprint, activity.at
    copy.activity_revision, copy.episode = activity.revision, activity.episode


def _take_facts(copy: CheckoutCopy, snapshot: CheckoutSnapshot) -> None:
    """What happens once, and is true from whichever snapshot it is learnt."""
    if snapshot.is_deleted:
        # It keeps the state it was left in: a snapshot from before may still tell that.
        copy.deleted_at = earliest(copy.deleted_at, snapshot.updated_at)
        copy.updated_at = copy.updated_at or snapshot.created_at
    orders = OrderCopy.objects.filter(checkout_token=snapshot.token).order_by("placed_at")
    copy.completed_at = earliest(
        copy.completed_at, orders.values_list("placed_at", flat=True).first()
    )
