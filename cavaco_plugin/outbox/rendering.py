"""From a claimed message to what its provider is given."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from cavaco_plugin.channels.contract import EMAIL, OutgoingMessage, Sender
from cavaco_plugin.channels.sms.segments import count_segments
from cavaco_plugin.content.errors import RenderFailed
from cavaco_plugin.content.render import render_email, render_sms
from cavaco_plugin.outbox import templates, variables
from cavaco_plugin.outbox.claim_rows import Claimed
from cavaco_plugin.outbox.delivery_state import DROPPED, FAILED, READY
from cavaco_plugin.outbox.personal_links import personal_links, unsubscribe_headers
from cavaco_plugin.outbox.shelf import Shelf, fetch
from cavaco_plugin.outbox.templates import Compiled
from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.purposes import MARKETING
from cavaco_plugin.store.port import ShopIdentity
from cavaco_plugin.store.snapshots import CheckoutSnapshot, OrderSnapshot

logger = logging.getLogger(__name__)


class Rendered(NamedTuple):
    """A message ready to be sent."""

    claimed: Claimed
    outgoing: OutgoingMessage
    language: str
    parts: int | None


class Unfit(NamedTuple):
    """A message that is not sent after all: dropped or failed, or ready again when a person has mended something."""

    claimed: Claimed
    state: str
    reason: str
    detail: str


class NotNow(Exception):
    """Why one message is not sent."""

    def __init__(self, state: str, reason: str, detail: str = "") -> None:
        super().__init__(detail)
        self.state, self.reason, self.detail = state, reason, detail


def render(messages: Sequence[Claimed]) -> tuple[list[Rendered], list[Unfit]]:
    """Render each; one that can not be rendered never stops the others."""
    shelf = fetch(messages)
    rendered: list[Rendered] = []
    unfit: list[Unfit] = []
    for message in messages:
        try:
            rendered.append(_render(message, shelf))
        except NotNow as obstacle:
            unfit.append(Unfit(message, obstacle.state, obstacle.reason, obstacle.detail))
        except Exception as error:  # whatever a template or the shop's data hold, the rest go out
            logger.exception("message %s cannot be rendered", message.public_id)
            detail = f"{type(error).__name__}: {error}"
            unfit.append(Unfit(message, FAILED, reasons.RENDER_FAILED, detail))
    return rendered, unfit


def _render(message: Claimed, shelf: Shelf) -> Rendered:
    intent = message.intent
    front = shelf.shops[intent.sales_channel]
    identity = front.identity
    compiled = shelf.templates[intent.template_version_id]
    checkout = shelf.checkouts.get(intent.subject.get("checkout", ""))
    order = shelf.orders.get(intent.subject.get("order", ""))
    choice = templates.language_for(
        tuple(compiled["languages"]),
        person=message.person.language,
        subject=_subject_language(checkout or order),
        sales_channel=identity.language,
    )
    urls = personal_links(message, identity)
    values: dict[str, Any] = {
        "shop": front.values,
        "person": {
            "first_name": _first_name(message, checkout or order),
            "language": choice.language,
        },
        "links": urls,
    }
    values |= _goods(message, compiled["groups"], checkout, order, identity, choice.locale)
    return _outgoing(message, compiled, choice.language, values, front.sender, urls)


def _outgoing(
    message: Claimed,
    compiled: Compiled,
    language: str,
    values: Mapping[str, Any],
    sender: Sender | None,
    urls: Mapping[str, str],
) -> Rendered:
    intent = message.intent
    try:
        if intent.channel == EMAIL:
            if sender is None:
                raise NotNow(
                    READY,
                    reasons.CHANNEL_OFF,
                    "sender_email: the shop has no sender address. Set one.",
                )
            headers = unsubscribe_headers(urls) if intent.purpose == MARKETING else {}
            email = render_email(compiled, language, values)
            outgoing = OutgoingMessage(
                message.key, message.address, sender, email, headers, message.public_id
            )
            return Rendered(message, outgoing, language, None)
        sms = render_sms(compiled, language, values)
    except RenderFailed as error:
        raise NotNow(FAILED, reasons.RENDER_FAILED, str(error)) from None
    # The provider's own settings hold the number it sends from.
    outgoing = OutgoingMessage(message.key, message.address, Sender(""), sms, {}, message.public_id)
    return Rendered(message, outgoing, language, count_segments(sms.body).count)


def _goods(
    message: Claimed,
    groups: Collection[str],
    checkout: CheckoutSnapshot | None,
    order: OrderSnapshot | None,
    identity: ShopIdentity,
    locale: str,
) -> dict[str, Any]:
    """The cart or the order, as it is now; a marketing message about one that no longer stands is not sent."""
    found: dict[str, Any] = {}
    if "cart" in groups:
        if checkout is None or checkout.is_deleted or not variables.buyable(checkout):
            raise NotNow(DROPPED, reasons.CHECKOUT_GONE, "the cart is empty or gone")
        found["cart"] = variables.cart(checkout, identity, locale)
    if (
        order is not None
        and message.intent.purpose == MARKETING
        and (order.is_cancelled or order.is_refunded)
    ):
        raise NotNow(
            DROPPED, reasons.ORDER_CANCELLED if order.is_cancelled else reasons.ORDER_REFUNDED
        )
    if "order" in groups:
        if order is None:
            raise NotNow(DROPPED, reasons.ORDER_GONE, "the shop no longer has the order")
        found["order"] = variables.order(order, identity, locale, message.person.time_zone)
    return found


def _first_name(message: Claimed, subject: CheckoutSnapshot | OrderSnapshot | None) -> str:
    return message.person.first_name or (subject.buyer.first_name if subject else "")


def _subject_language(subject: CheckoutSnapshot | OrderSnapshot | None) -> str:
    return subject.buyer.language if subject else ""
