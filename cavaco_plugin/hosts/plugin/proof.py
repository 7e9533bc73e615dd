"""The proof that somebody bought, read where the order itself commits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from cavaco_plugin.store.port import PurchaseQuestion

# Asked by the batch: one row a way of knowing the person, against committed orders. An order that
# was cancelled later was still a purchase; a draft is none.
PURCHASES = """
SELECT asked.message_id, min(o.created_at)
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[])
     AS asked (message_id, since, way, value)
JOIN order_order o
  ON o.created_at >= asked.since
 AND CASE asked.way
       WHEN 'checkout' THEN o.checkout_token = asked.value
       WHEN 'email' THEN lower(o.user_email) = asked.value
       WHEN 'user' THEN o.user_id = asked.value::bigint
     END
WHERE o.created_at >= %s AND o.status <> 'draft'
GROUP BY asked.message_id
"""
BY_PHONE = """
SELECT asked.message_id, min(o.created_at)
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS asked (message_id, since, value)
JOIN order_order o ON o.created_at >= asked.since AND o.status <> 'draft'
JOIN account_address a ON a.id IN (o.shipping_address_id, o.billing_address_id)
WHERE o.created_at >= %s AND a.phone = asked.value
GROUP BY asked.message_id
"""
# A checkout that Saleor completes is locked by it: the locked ones are the missing ones.
LOCK_IDLE = """
SELECT token::text FROM checkout_checkout WHERE token = ANY(%s::uuid[])
ORDER BY token FOR SHARE SKIP LOCKED
"""
PRESENT = "SELECT token::text FROM checkout_checkout WHERE token = ANY(%s::uuid[])"


def purchases(questions: Sequence[PurchaseQuestion]) -> dict[int, datetime]:
    """Message id → when the first purchase at or after its moment was placed."""
    if not questions:
        return {}
    earliest = min(question.since for question in questions)
    ways = [(q, way, value) for q in questions for way, value in _ways(q)]
    found = _ask(
        PURCHASES,
        [
            [q.message_id for q, _, _ in ways],
            [q.since for q, _, _ in ways],
            [way for _, way, _ in ways],
            [value for _, _, value in ways],
            earliest,
        ],
    )
    phones = [(q, phone) for q in questions for phone in q.phones]
    if phones:
        by_phone = _ask(
            BY_PHONE,
            [
                [q.message_id for q, _ in phones],
                [q.since for q, _ in phones],
                [phone for _, phone in phones],
                earliest,
            ],
        )
        for message_id, placed_at in by_phone.items():
            found[message_id] = min(placed_at, found.get(message_id, placed_at))
    return found


def _ways(question: PurchaseQuestion) -> list[tuple[str, str]]:
    ways = [("email", email) for email in question.emails]
    ways += [("user", user_id) for user_id in question.user_ids]
    if question.checkout_token:
        ways.append(("checkout", question.checkout_token))
    return ways


def being_completed(tokens: Collection[str]) -> set[str]:
    """Of these checkouts, those locked by somebody; the others stay locked by us until we commit.

    Must run inside a transaction. The lock is shared and lives for the claim's few milliseconds:
    a completion that starts meanwhile waits, and its order then commits after the claim.
    """
    if not tokens:
        return set()
    wanted = sorted(tokens)
    with connections["default"].cursor() as cursor:
        cursor.execute(LOCK_IDLE, [wanted])
        idle = {token for (token,) in cursor.fetchall()}
        cursor.execute(PRESENT, [wanted])
        present = {token for (token,) in cursor.fetchall()}
    return present - idle


def _ask(statement: str, arguments: list[Any]) -> dict[int, datetime]:
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, arguments)
        return dict(cursor.fetchall())
