"""Whether somebody asked to be forgotten: then what the shop still tells of them is not taken in."""

from cavaco_plugin.consent.models import Suppression
from cavaco_plugin.consent.queries import suppressions
from cavaco_plugin.profiles.identity import EMAIL, PHONE, keys_of
from cavaco_plugin.store.snapshots import Buyer

_CHANNELS = {EMAIL: "email", PHONE: "sms"}


def is_erased(*, buyer: Buyer) -> bool:
    """Whether one of the buyer's addresses is closed by an erasure that nobody lifted."""
    asked = [(_CHANNELS[key.kind], key.value) for key in keys_of(buyer) if key.kind in _CHANNELS]
    if not asked:
        return False
    return any(Suppression.Reason.ERASED in found for found in suppressions(asked).values())
