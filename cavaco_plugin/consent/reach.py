"""Who an address belongs to, and where a person can be reached."""

from cavaco_plugin.consent.addresses import same_spelling
from cavaco_plugin.profiles.models import ContactPoint

_KINDS = {"email": ContactPoint.Kind.EMAIL}


def kind_for(channel: str) -> ContactPoint.Kind:
    """The kind of contact point a channel writes to; all but e-mail reach a phone."""
    return _KINDS.get(channel, ContactPoint.Kind.PHONE)


def owner_of(channel: str, address: str) -> int | None:
    """The profile that the address belongs to."""
    value = same_spelling(channel, address).partition(":")[2]
    return (
        ContactPoint.objects.filter(kind=kind_for(channel), value=value)
        .values_list("profile_id", flat=True)
        .first()
    )


def address_of(profile_id: int, channel: str) -> str:
    """The address that a channel would write to, the one seen last; "" where there is none."""
    point = (
        ContactPoint.objects.filter(profile_id=profile_id, kind=kind_for(channel))
        .order_by("-last_seen_at", "-id")
        .first()
    )
    return (point.written or point.value) if point else ""
