"""How the shop introduces itself in each sales channel: checked when saved, laid over the default when read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cavaco_plugin.store.models import ShopSettings
from cavaco_plugin.store.port import ShopIdentity
from cavaco_plugin.store.shop_values import InvalidShop, ShopValues, checked

__all__ = ["InvalidShop", "ShopValues", "checked", "identity_of", "save_identity"]

# The part of the row's values that is ours; other stages keep theirs beside it.
PART = "identity"


def identity_of(
    *,
    sales_channel: str,
    doors_url: str,
    fallback_name: str = "",
    fallback_sender: str = "",
) -> ShopIdentity:
    """The shop's own words for this sales channel; where it said nothing, the default channel's."""
    values: dict[str, Any] = {"name": fallback_name, "sender_email": fallback_sender}
    rows = dict(
        ShopSettings.objects.filter(sales_channel__in={"", sales_channel}).values_list(
            "sales_channel", "values"
        )
    )
    for name in ("", sales_channel):
        said = rows.get(name, {}).get(PART, {})
        values |= {field: value for field, value in said.items() if value != ""}
    whole = ShopValues.model_construct(**values).model_dump()
    if not whole["sender_name"]:
        whole["sender_name"] = whole["name"]
    return ShopIdentity(doors_url=doors_url, **whole)


def said_in(sales_channel: str) -> dict[str, Any]:
    """What was saved for this sales channel itself, field by field."""
    rows = ShopSettings.objects.filter(sales_channel=sales_channel)
    values = rows.values_list("values", flat=True).first() or {}
    return dict(values.get(PART, {}))


def time_zone_of(sales_channel: str) -> str:
    """The sales channel's time zone, or "" where the shop has not said."""
    rows = dict(
        ShopSettings.objects.filter(sales_channel__in={"", sales_channel}).values_list(
            "sales_channel", "values"
        )
    )
    named = (rows.get(name, {}).get(PART, {}).get("time_zone", "") for name in (sales_channel, ""))
    return next((zone for zone in named if zone), "")


def save_identity(
    *, values: Mapping[str, object], now: datetime, sales_channel: str = ""
) -> ShopValues:
    """Keep how the shop introduces itself in a sales channel; "" for all that say nothing else.

    Raises:
        InvalidShop: by field, what is wrong and how to put it right.
    """
    right = checked(values)
    row, _ = ShopSettings.objects.get_or_create(
        sales_channel=sales_channel, defaults={"updated_at": now}
    )
    row.values = {**row.values, PART: right.model_dump(exclude_unset=True)}
    row.updated_at = now
    row.save()
    return right
