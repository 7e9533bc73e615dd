"""What our copies know of the shop."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection

from cavaco_plugin.store.port import PurchaseQuestion

# One row for each way of knowing the person. An order with the checkout's own token means bought
# whenever it was placed; the other ways count from the moment asked for. An order that is still in
# the inbox counts too: the shop has committed it. A cancelled order was a purchase all the same.
PURCHASES = """
WITH asked AS (
    SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[])
        AS asked (message_id, since, way, value)
), found AS (
    SELECT message_id, since, way, placed_at FROM asked JOIN cavaco_order o
        ON way = 'checkout' AND o.checkout_token = value AND o.checkout_token <> ''
    UNION ALL
    SELECT message_id, since, way, placed_at FROM asked JOIN cavaco_order o ON way = 'email' AND o.email = value
    UNION ALL
    SELECT message_id, since, way, placed_at FROM asked JOIN cavaco_order o ON way = 'user' AND o.user_id = value
    UNION ALL
    SELECT message_id, since, way, placed_at FROM asked JOIN cavaco_order o
        ON way = 'phone' AND o.phone = value AND o.phone <> ''
    UNION ALL
    SELECT message_id, since, way, coalesce((e.payload ->> 'placed_at')::timestamptz, e.occurred_at)
    FROM asked JOIN cavaco_store_event e
        ON way = 'checkout' AND e.checkout_token = value AND e.checkout_token <> ''
        AND e.kind = 'order' AND e.handled_at IS NULL
    UNION ALL
    SELECT message_id, since, way, coalesce((e.payload ->> 'placed_at')::timestamptz, e.occurred_at)
    FROM asked JOIN cavaco_store_event e
        ON way = 'email' AND e.email = value AND e.email <> '' AND e.kind = 'order' AND e.handled_at IS NULL
)
SELECT message_id, min(placed_at) FROM found WHERE way = 'checkout' OR placed_at >= since GROUP BY message_id
"""


def purchases_from_copies(questions: Sequence[PurchaseQuestion]) -> dict[int, datetime]:
    """Message id → when the purchase that makes the message untrue was placed. One statement.

    Addresses in the questions are normalised, as those of the copies are. Asked inside the claim
    transaction it sees every order whose event has committed by then, handled or not.
    """
    asked = [
        (question.message_id, since, way, value)
        for question, since in ((each, each.since.isoformat()) for each in questions)
        for way, value in _ways(question)
    ]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(PURCHASES, [list(column) for column in zip(*asked, strict=True)])
        return dict(cursor.fetchall())


def _ways(question: PurchaseQuestion) -> Iterator[tuple[str, str]]:
    if question.checkout_token:
        yield "checkout", question.checkout_token
    for way, values in (
        ("email", question.emails),
        ("user", question.user_ids),
        ("phone", question.phones),
    ):
        for value in values:
            if value:
                yield way, value
