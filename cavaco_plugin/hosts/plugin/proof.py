"""The proof that somebody bought, read where the order itself commits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connections

from cavaco_plugin.store.port import PurchaseQuestion

# One row for each way of knowing the person, against committed orders. An order with the checkout's
# own token means bought whenever it was placed; the other ways count from the moment asked for. An
# order that was cancelled later was a purchase all the same; a draft is none.
PURCHASES = """
WITH asked AS (
    SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[])
        AS asked (message_id, since, way, value)
), recent AS (
    SELECT lower(o.user_email) AS email, o.user_id, o.created_at,
           o.shipping_address_id, o.billing_address_id
    FROM order_order o WHERE o.created_at >= %s AND o.status <> 'draft'
), found AS (
    SELECT message_id, o.created_at FROM asked JOIN order_order o
        ON way = 'checkout' AND o.checkout_token = value AND o.status <> 'draft'
    UNION ALL
    SELECT message_id, created_at FROM asked JOIN recent
        ON way = 'email' AND email = value AND created_at >= since
    UNION ALL
    SELECT message_id, created_at FROM asked JOIN recent
        ON way = 'user' AND user_id::text = value AND created_at >= since
    UNION ALL
    SELECT message_id, recent.created_at FROM asked
        JOIN recent ON way = 'phone' AND created_at >= since
        JOIN account_address a
            ON a.id IN (shipping_address_id, billing_address_id) AND a.phone = value
)
SELECT message_id, min(created_at) FROM found GROUP BY message_id
"""
# A checkout that Saleor completes is locked by it: the locked ones are the missing ones.
LOCK_IDLE = """
SELECT token::text FROM checkout_checkout WHERE token = ANY(%s::uuid[])
ORDER BY token FOR SHARE SKIP LOCKED
"""
PRESENT = "SELECT token::text FROM checkout_checkout WHERE token = ANY(%s::uuid[])"


def purchases(questions: Sequence[PurchaseQuestion]) -> dict[int, datetime]:
    """Message id → when the purchase that makes the message untrue was placed. One statement."""
    asked = [(q.message_id, q.since, way, value) for q in questions for way, value in _ways(q)]
    if not asked:
        return {}
    columns: list[Any] = [list(column) for column in zip(*asked, strict=True)]
    with connections["default"].cursor() as cursor:
        cursor.execute(PURCHASES, [*columns, min(question.since for question in questions)])
        return dict(cursor.fetchall())


def _ways(question: PurchaseQuestion) -> list[tuple[str, str]]:
    ways = [("email", email) for email in question.emails]
    ways += [("user", user_id) for user_id in question.user_ids]
    ways += [("phone", phone) for phone in question.phones]
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
