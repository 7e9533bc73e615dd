"""The roll-up: what the ledger's recent days come to, counted again each time."""

from datetime import UTC, datetime, time, timedelta

from django.db import connection

DAYS = 3

# One statement, so that a reader never sees a day half counted. What the ledger no longer says is
# deleted, what it says is written over; a second run writes the same. A message is final once it is
# sent, give or take the provider's clock: so a block of old rows need not be read.
ROLL_UP = """
WITH fresh AS (
    SELECT (COALESCE(sent_at, final_at) AT TIME ZONE 'UTC')::date AS day, COALESCE(flow_id, 0) AS flow_id,
           step_id, channel, state, reason, price_currency,
           count(*) AS messages, COALESCE(sum(price), 0) AS price
    FROM cavaco_message
    WHERE final_at >= %(since)s - interval '1 day' AND NOT is_test AND COALESCE(sent_at, final_at) >= %(since)s
    GROUP BY 1, 2, 3, 4, 5, 6, 7
), vanished AS (
    DELETE FROM cavaco_daily_count AS old WHERE old.day >= %(first_day)s AND NOT EXISTS (
        SELECT FROM fresh WHERE (fresh.day, fresh.flow_id, fresh.step_id, fresh.channel, fresh.state,
                                 fresh.reason, fresh.price_currency)
                              = (old.day, old.flow_id, old.step_id, old.channel, old.state,
                                 old.reason, old.price_currency)
    )
)
INSERT INTO cavaco_daily_count AS kept
    (day, flow_id, step_id, channel, state, reason, price_currency, messages, price)
SELECT day, flow_id, step_id, channel, state, reason, price_currency, messages, price FROM fresh
ON CONFLICT (day, flow_id, step_id, channel, state, reason, price_currency)
DO UPDATE SET messages = excluded.messages, price = excluded.price
WHERE (kept.messages, kept.price) IS DISTINCT FROM (excluded.messages, excluded.price)
"""


def roll_up(*, now: datetime, days: int = DAYS) -> None:
    """Count the last days again, today included; with more days, as far back as one likes.

    A message counts on the day (UTC) it was sent, one that was not sent on the day of its decision.
    """
    first_day = now.astimezone(UTC).date() - timedelta(days=days - 1)
    since = datetime.combine(first_day, time(0), tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(ROLL_UP, {"since": since, "first_day": first_day})
