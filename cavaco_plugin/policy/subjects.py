"""What became of the things that messages speak of: the cart, the order, the flow, the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from cavaco_plugin.content.models import TemplateVersion
from cavaco_plugin.policy import reasons
from cavaco_plugin.policy.addresses import Points, values_by_kind
from cavaco_plugin.policy.intent import Intent
from cavaco_plugin.store import port
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from cavaco_plugin.store.port import PurchaseQuestion

# The table by its name: flows stand above this stage, which may know that a flow was stopped but not its code.
STOPPED_FLOWS = "SELECT id FROM cavaco_flow WHERE id = ANY(%s) AND status <> 'active'"


@dataclass(frozen=True, slots=True)
class Subjects:
    """The answers for a whole batch."""

    template_purposes: Mapping[int, str]
    stopped_flows: frozenset[int]
    purchases: Mapping[int, datetime] = field(default_factory=dict)
    being_completed: frozenset[str] = frozenset()
    void_orders: Mapping[str, str] = field(default_factory=dict)
    void_checkouts: Mapping[str, str] = field(default_factory=dict)

    def void_reason(self, message: Intent) -> str:
        """Why the thing the message speaks of no longer stands, or ""."""
        if not message.subject:
            return ""
        order = self.void_orders.get(message.subject.get("order", ""))
        return order or self.void_checkouts.get(message.subject.get("checkout", ""), "")


def load(*, messages: Sequence[Intent], points: Points, stage: str) -> Subjects:
    """Ask for all messages at once. Whether a checkout is at the till is asked at the claim only."""
    questions = [_question(message, points) for message in messages if message.purchase_proof_since]
    tokens = {question.checkout_token for question in questions if question.checkout_token}
    shop = port.current() if questions else None
    return Subjects(
        template_purposes=_template_purposes({message.template_version_id for message in messages}),
        stopped_flows=_stopped_flows({message.flow_id for message in messages}),
        # The till first: it waits for an order on its way, which the purchases then show.
        being_completed=frozenset(shop.being_completed(tokens))
        if shop and tokens and stage == "claim"
        else frozenset(),
        purchases=shop.purchases(questions) if shop else {},
        void_orders=_void_orders(_named(messages, "order")),
        void_checkouts=_void_checkouts(_named(messages, "checkout")),
    )


def _question(message: Intent, points: Points) -> PurchaseQuestion:
    assert message.purchase_proof_since is not None
    values = values_by_kind(points, message.profile_id)
    return PurchaseQuestion(
        message_id=message.id,
        since=message.purchase_proof_since,
        checkout_token=message.subject.get("checkout", ""),
        emails=values.get("email", ()),
        user_ids=values.get("user", ()),
        phones=values.get("phone", ()),
    )


def _named(messages: Sequence[Intent], kind: str) -> set[str]:
    return {message.subject[kind] for message in messages if message.subject.get(kind)}


def _template_purposes(version_ids: set[int]) -> dict[int, str]:
    rows = TemplateVersion.objects.filter(id__in=version_ids)
    return dict(rows.values_list("id", "template__purpose"))


def _stopped_flows(flow_ids: set[int | None]) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(STOPPED_FLOWS, [[flow_id for flow_id in flow_ids if flow_id is not None]])
        return frozenset(row[0] for row in cursor.fetchall())


def _void_orders(order_ids: set[str]) -> dict[str, str]:
    if not order_ids:
        return {}
    rows = OrderCopy.objects.filter(shop_order_id__in=order_ids).values_list(
        "shop_order_id", "cancelled_at", "refunded_at"
    )
    void = {}
    for order_id, cancelled_at, refunded_at in rows:
        if cancelled_at or refunded_at:
            void[order_id] = reasons.ORDER_CANCELLED if cancelled_at else reasons.ORDER_REFUNDED
    return void


def _void_checkouts(tokens: set[str]) -> dict[str, str]:
    """A checkout that became an order is not gone: that is the purchase, and said so."""
    if not tokens:
        return {}
    rows = CheckoutCopy.objects.filter(token__in=tokens, completed_at=None)
    return {
        token: reasons.CHECKOUT_GONE
        for token, lines, deleted_at in rows.values_list("token", "lines", "deleted_at")
        if deleted_at or not lines
    }
