"""Statements, and what they came to."""

from datetime import UTC, datetime, timedelta
from itertools import count

from cavaco_plugin.consent import queries
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.profiles.models import Profile

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_numbers = count(1)


def said(at: datetime = NOON, *, key: str = "", source: str = "test", **values) -> Statement:
    return Statement(source=source, key=key or f"test:{next(_numbers)}", occurred_at=at, **values)


def consent_of(
    profile: Profile, channel: str = "email", topic: str = "newsletter", sales_channel: str = ""
) -> str:
    question = (profile.pk, channel, topic, sales_channel)
    return queries.consents([question])[question]
