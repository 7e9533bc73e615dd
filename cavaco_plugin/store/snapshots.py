"""What the shop says about one thing at one moment; the same in both homes."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Money = Annotated[Decimal, Field(max_digits=20, decimal_places=3)]


class Snapshot(BaseModel):
    """A frozen value; `model_dump(mode="json")` and `model_validate` carry it through a row."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LineSnapshot(Snapshot):
    """One line of a checkout or an order. Prices are gross, in the currency of its owner."""

    variant_id: str
    product_id: str = ""
    product_name: str
    variant_name: str = ""
    product_slug: str = ""
    sku: str = ""
    quantity: int
    unit_price: Money
    total_price: Money
    image_url: str = ""
    # Whether the shop would sell it in this sales channel now: published, listed and in stock.
    is_available: bool = True


class Buyer(Snapshot):
    """Who stands behind a checkout or an order, as far as the shop knows."""

    user_id: str = ""
    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    country: str = ""
    country_area: str = ""
    postal_code: str = ""


class CheckoutSnapshot(Snapshot):
    """A checkout. `is_paid` also covers an authorised payment."""

    token: str
    sales_channel: str
    buyer: Buyer
    currency: str
    total: Money
    lines: tuple[LineSnapshot, ...] = ()
    is_completing: bool = False
    is_paid: bool = False
    is_deleted: bool = False
    consent_declaration: str = ""
    created_at: AwareDatetime
    updated_at: AwareDatetime


class OrderSnapshot(Snapshot):
    """An order that was placed (a draft is none). Times are None until they happen."""

    order_id: str
    number: str
    checkout_token: str = ""
    sales_channel: str
    buyer: Buyer
    currency: str
    total: Money
    refunded_total: Money = Decimal(0)
    lines: tuple[LineSnapshot, ...] = ()
    tracking_number: str = ""
    is_fulfilled: bool = False
    is_refunded: bool = False
    is_cancelled: bool = False
    is_imported: bool = False
    consent_declaration: str = ""
    placed_at: AwareDatetime
    updated_at: AwareDatetime
    fulfilled_at: datetime | None = None


class CustomerSnapshot(Snapshot):
    """A customer account; staff accounts are never mapped."""

    user_id: str
    buyer: Buyer
    is_confirmed: bool
    is_active: bool = True
    is_deleted: bool = False
    consent_declaration: str = ""
    joined_at: AwareDatetime
    updated_at: AwareDatetime


AnySnapshot = CheckoutSnapshot | OrderSnapshot | CustomerSnapshot
