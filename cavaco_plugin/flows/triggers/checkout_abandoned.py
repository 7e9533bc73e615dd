"""A cart that was left alone.

{"type": "checkout_abandoned", "quiet_for": "PT60M", "min_total": {"EUR": "20.00"}}

The change only sets a timer; when it fires, the cart as it is then decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cavaco_plugin.flows.durations import Duration, words
from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.reentry import Reentry
from cavaco_plugin.flows.triggers.base import BaseTrigger
from cavaco_plugin.kernel.keys import episode_key
from cavaco_plugin.store.changes import ChangeKind, StoreChange


def _currency(code: str) -> str:
    if len(code) == 3 and code.isascii() and code.isalpha() and code.isupper():
        return code
    said = {"said": f"{code!r} is no currency.", "remedy": "Write three capital letters: EUR."}
    raise PydanticCustomError("bad_currency", "{said}", said)


Currency = Annotated[str, AfterValidator(_currency)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=3)]


@dataclass(frozen=True, slots=True)
class Cart:
    """A checkout as it is when its quiet time is over.

    Attributes:
        has_order: an order came from it, or the person bought since the last activity.
        buyable_lines: lines the shop would still sell.
    """

    token: str
    episode: int
    profile_id: int | None
    activity_at: datetime
    currency: str
    total: Decimal
    lines: int
    buyable_lines: int
    sales_channel: str = ""
    is_gone: bool = False
    is_paid: bool = False
    has_order: bool = False


class CheckoutAbandoned(BaseTrigger):
    """A checkout with a line, a known person and no activity of the customer for a while."""

    listens_to = ChangeKind.CHECKOUT_ACTIVITY
    family = "abandonment"
    restarts = True
    default_reentry: ClassVar[Reentry] = Reentry(mode="after", local_days=7, anchor="entry")

    type: Literal["checkout_abandoned"]
    quiet_for: Duration = timedelta(minutes=60)
    # By currency; a cart in a currency not named needs no minimum.
    min_total: Mapping[Currency, Amount] = Field(default_factory=dict)

    def entry(self, change: StoreChange) -> Entry | None:
        """Nobody yet: the cart has to fall quiet first."""
        return None

    def quiet_at(self, activity_at: datetime) -> datetime:
        """When a cart last touched at `activity_at` counts as abandoned."""
        return activity_at + self.quiet_for

    def entry_of(self, cart: Cart) -> Entry | None:
        """Who comes in because of this cart; None where `refusal` has a reason."""
        if cart.profile_id is None or self.refusal(cart):
            return None
        return Entry(
            key=episode_key(checkout_token=cart.token, episode=cart.episode),
            profile_id=cart.profile_id,
            triggered_at=cart.activity_at,
            at=self.quiet_at(cart.activity_at),
            subject={"checkout": cart.token},
            sales_channel=cart.sales_channel,
        )

    def refusal(self, cart: Cart) -> str:
        """Why this cart is not abandoned; "" where it is."""
        reasons = {
            "not_sold_here": not self.sells_in(cart.sales_channel),
            "nobody_known": cart.profile_id is None,
            "converted": cart.has_order,
            "checkout_gone": cart.is_gone,
            "paid": cart.is_paid,
            "empty": cart.lines == 0,
            "worth_nothing": cart.total <= 0,
            "too_small": cart.total < self.min_total.get(cart.currency, Decimal(0)),
            "sold_out": cart.buyable_lines == 0,
        }
        return next((reason for reason, is_so in reasons.items() if is_so), "")

    def sentence(self) -> str:
        return f"When a cart was left alone for {words(self.quiet_for)}."
