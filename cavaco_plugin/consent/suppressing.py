"""The list of addresses a channel never writes to."""

from datetime import datetime

from django.db import transaction

from cavaco_plugin.consent.addresses import address_hash
from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.consent.reach import owner_of
from cavaco_plugin.consent.records import lock_person


@transaction.atomic
def suppress(
    *, channel: str, address: str, reason: str, now: datetime, detail: str = ""
) -> Suppression | None:
    """Close an address on a channel. Returns the new row; None where it stood already.

    Raises:
        ValueError: an unknown reason, or no address.
    """
    if reason not in Suppression.Reason.values:
        known = ", ".join(Suppression.Reason.values)
        raise ValueError(f"reason: {reason!r} is unknown; use one of {known}")
    if not address.strip():
        raise ValueError("address: is blank; give the address to suppress")
    _lock_owner(channel, address)
    hashed = address_hash(channel, address)
    row = Suppression(
        channel=channel,
        address_hash=hashed,
        reason=reason,
        detail=detail[:255],
        created_at=now,
    )
    standing = Suppression.objects.filter(
        channel=channel, address_hash=hashed, reason=reason, lifted_at=None
    )
    if standing.exists():
        return None
    Suppression.objects.bulk_create([row], ignore_conflicts=True)
    # Two may have come here at once for an address without an owner: one row, and one of them made it.
    return standing.get()


@transaction.atomic
def lift(*, channel: str, address: str, reason: str, by: str, now: datetime) -> bool:
    """Open an address again, by the word of a human who is named. Returns whether it was closed.

    Raises:
        ValueError: nobody is named.
    """
    if not by.strip():
        raise ValueError("by: name the person who decided to lift the suppression")
    _lock_owner(channel, address)
    return bool(
        Suppression.objects.filter(
            channel=channel,
            address_hash=address_hash(channel, address),
            reason=reason,
            lifted_at=None,
        ).update(lifted_at=now, lifted_by=by[:255])
    )


def _lock_owner(channel: str, address: str) -> None:
    owner = owner_of(channel, address)
    if owner is not None:
        lock_person(owner)
