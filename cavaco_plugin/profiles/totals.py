"""How often and for how much a person bought, counted from our copies of the orders."""

from collections.abc import Collection

from django.db import connection

# Counted anew each time, so that an order told five times counts once. A cancelled order is none;
# what was paid back is taken off. Money is never added over currencies.
RECOUNT = """
WITH orders AS (
    SELECT profile_id, currency, placed_at, total - refunded_total AS paid
    FROM cavaco_order WHERE profile_id = ANY(%(ids)s) AND cancelled_at IS NULL
), counted AS (
    SELECT profile_id, count(*) AS orders, min(placed_at) AS first_at, max(placed_at) AS last_at
    FROM orders GROUP BY profile_id
), summed AS (
    SELECT profile_id, jsonb_object_agg(currency, trim_scale(paid)::text) AS total
    FROM (SELECT profile_id, currency, sum(paid) AS paid FROM orders GROUP BY 1, 2) AS each
    GROUP BY profile_id
)
UPDATE cavaco_profile SET
    orders_count = coalesce(counted.orders, 0),
    orders_total = coalesce(summed.total, '{}'),
    first_order_at = counted.first_at,
    last_order_at = counted.last_at
FROM unnest(%(ids)s) AS asked (id)
    LEFT JOIN counted ON counted.profile_id = asked.id
    LEFT JOIN summed ON summed.profile_id = asked.id
WHERE cavaco_profile.id = asked.id
"""


def recount(profile_ids: Collection[int]) -> None:
    """Bring these people's totals up to the orders we know; they are locked."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"ids": list(profile_ids)})
