"""Saving how the shop asks for consent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cavaco_plugin.consent.settings import ConsentSettings, checked
from cavaco_plugin.store.models import ShopSettings

# The part of the row's values that is ours; other stages keep theirs beside it.
PART = "consent"


@transaction.atomic
def save_settings(
    *, values: Mapping[str, Any], now: datetime, sales_channel: str = ""
) -> ConsentSettings:
    """Keep how consent is asked for in a sales channel; "" for all that say nothing else.

    Raises:
        InvalidConsentSettings: by field, what is wrong and how to put it right.
    """
    right = checked(values)
    row, _ = ShopSettings.objects.select_for_update().get_or_create(
        sales_channel=sales_channel, defaults={"updated_at": now}
    )
    row.values = {**row.values, PART: right.model_dump(mode="json", exclude_unset=True)}
    row.updated_at = now
    row.save(update_fields=["values", "updated_at"])
    return right
