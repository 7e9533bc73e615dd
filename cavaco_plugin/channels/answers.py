"""What an HTTP answer, or the lack of one, means for a message: the same for every provider. Pure.

One rule decides between "try again" and "nobody knows": *who answers speaks for itself*.

- No connection: nothing was sent, try again.
- 429 and 503 say that the request was not taken; 500 is the provider's own word that it failed. Try again.
- 502, 504 and the other 5xx come from something standing before the provider, which lost touch after it had
  passed the request on. The message may be on its way: uncertain, never sent again blindly.
- A time-out or a cut line after the request was written: uncertain for the same reason.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from cavaco_plugin.channels.contract import (
    THROTTLED,
    UNAVAILABLE,
    UNREACHABLE,
    Misconfigured,
    Temporary,
    Uncertain,
)

LONGEST_WAIT = timedelta(hours=24)


def server_trouble(
    *, status: int, headers: Mapping[str, str], detail: str
) -> Temporary | Uncertain | None:
    """The outcome of an answer that blames no message, or None when the answer is about the message."""
    said = f"HTTP {status}: {detail}"
    if status == 429:
        return Temporary(retry_after(headers), THROTTLED, said)
    if status in (500, 503):
        return Temporary(retry_after(headers), UNAVAILABLE, said)
    if status >= 500:
        return Uncertain(said)
    return None


def no_answer(error: aiohttp.ClientError | OSError) -> Temporary | Uncertain | Misconfigured:
    """The outcome of a request that ended in an exception (a time-out is an OSError too)."""
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.InvalidURL):
        return Misconfigured(code="no_secure_connection", detail=said)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Temporary(None, UNREACHABLE, said)
    return Uncertain(f"No answer after the request was written ({said}).")


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long the provider asks us to wait, by Retry-After or X-RateLimit-Reset.

    Points in time are measured from the answer's own Date, so neither clock need agree with ours.
    """
    wait = _wait(headers)
    if wait is None:
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def _wait(headers: Mapping[str, str]) -> timedelta | None:
    asked = headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return timedelta(seconds=min(int(asked), LONGEST_WAIT.total_seconds()))
    answered_at = _date(headers.get("Date", ""))
    reset = headers.get("X-RateLimit-Reset", "").strip()
    until = _date(asked) or _epoch(reset)
    if until is None or answered_at is None:
        return None
    return until - answered_at


def _epoch(text: str) -> datetime | None:
    if not text.isdecimal() or len(text) > 10:
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError):
        return None
