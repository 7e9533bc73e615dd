"""What a slice of messages is rendered from: templates, and the shop's answers, fetched for all at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cavaco_plugin.channels.contract import Sender
from cavaco_plugin.outbox import templates, variables
from cavaco_plugin.outbox.claim_rows import Claimed
from cavaco_plugin.outbox.templates import Compiled
from cavaco_plugin.store import port
from cavaco_plugin.store.port import ShopIdentity
from cavaco_plugin.store.snapshots import CheckoutSnapshot, OrderSnapshot


class Front(NamedTuple):
    """How the shop shows itself in one sales channel: the same in every message of a slice."""

    identity: ShopIdentity
    values: Mapping[str, Any]
    sender: Sender | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the shop answered for a slice."""

    templates: Mapping[int, Compiled]
    shops: Mapping[str, Front]
    checkouts: Mapping[str, CheckoutSnapshot] = field(default_factory=dict)
    orders: Mapping[str, OrderSnapshot] = field(default_factory=dict)


def fetch(messages: Sequence[Claimed]) -> Shelf:
    """Ask once for everything these messages speak of."""
    shop = port.current()
    tokens, order_ids = (_named(messages, kind) for kind in ("checkout", "order"))
    return Shelf(
        templates=templates.compiled({message.intent.template_version_id for message in messages}),
        shops={
            name: _front(shop.shop(name))
            for name in {message.intent.sales_channel for message in messages}
        },
        checkouts=shop.checkouts(tokens) if tokens else {},
        orders=shop.orders(order_ids) if order_ids else {},
    )


def _named(messages: Iterable[Claimed], kind: str) -> set[str]:
    return {
        message.intent.subject[kind] for message in messages if message.intent.subject.get(kind)
    }


def _front(identity: ShopIdentity) -> Front:
    sender = None
    if identity.sender_email:
        sender = Sender(
            identity.sender_email, identity.sender_name or identity.name, identity.reply_to
        )
    return Front(identity, variables.shop(identity), sender)
