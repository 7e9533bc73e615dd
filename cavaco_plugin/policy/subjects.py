"""What became of the things that messages speak of: the cart, the order, the flow, the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cavaco_plugin.content.models import TemplateVersion
from cavaco_plugin.policy.addresses import Points, values_by_kind
from cavaco_plugin.policy.intent import Intent
from cavaco_plugin.policy.rows import fetch
from cavaco_plugin.store import port
from cavaco_plugin.store.port import PurchaseQuestion

# The table by its name: flows stand above this stage, which may know that a flow was stopped but not its code.
STOPPED_FLOWS = "SELECT id FROM cavaco_flow WHERE id = ANY(%s) AND status <> 'active'"
VOID_ORDERS = """
SELECT shop_order_id, CASE WHEN cancelled_at IS NULL THEN 'order_refunded' ELSE 'order_cancelled' END
FROM cavaco_order
WHERE shop_order_id = ANY(%s) AND (cancelled_at IS NOT NULL OR refunded_at IS NOT NULL)
"""
# A checkout that became an order is not gone: that is the purchase, and said so.
VOID_CHECKOUTS = """
SELECT token, 'checkout_gone' FROM cavaco_checkout
WHERE token = ANY(%s) AND completed_at IS NULL AND (deleted_at IS NOT NULL OR lines = '[]')
"""


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
        void_orders=_void(VOID_ORDERS, _named(messages, "order")),
        void_checkouts=_void(VOID_CHECKOUTS, _named(messages, "checkout")),
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
    known = [flow_id for flow_id in flow_ids if flow_id is not None]
    return frozenset(row[0] for row in fetch(STOPPED_FLOWS, [known]))


def _void(statement: str, names: set[str]) -> dict[str, str]:
    return dict(fetch(statement, [list(names)])) if names else {}
