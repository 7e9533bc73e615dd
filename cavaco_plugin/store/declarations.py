"""Where the storefront writes what a customer allowed: a key in the shop's public metadata."""

import re
from datetime import datetime

from cavaco_plugin.store.models import ShopSettings

DEFAULT_KEY = "marketing_consent"
PART = "declarations"
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


class InvalidKey(ValueError):
    """The key is no metadata key. Use up to 100 letters, digits and . _ : - without spaces."""


def checked_key(key: str) -> str:
    """The key, "" standing for the default.

    Raises:
        InvalidKey: it can not be one.
    """
    if key and not _KEY.fullmatch(key):
        raise InvalidKey(InvalidKey.__doc__)
    return key or DEFAULT_KEY


def metadata_key() -> str:
    """The key in use."""
    row = ShopSettings.objects.filter(sales_channel="").values_list("values", flat=True).first()
    return str((row or {}).get(PART, {}).get("key") or DEFAULT_KEY)


def save_metadata_key(*, key: str, now: datetime) -> None:
    """Read declarations from this key from now on.

    Raises:
        InvalidKey: it can not be one.
    """
    row, _ = ShopSettings.objects.get_or_create(sales_channel="", defaults={"updated_at": now})
    row.values = {**row.values, PART: {"key": checked_key(key)}}
    row.updated_at = now
    row.save()
