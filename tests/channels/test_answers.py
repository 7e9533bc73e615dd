"""How long an HTTP answer asks us to wait, by clocks that need not agree with ours."""

from datetime import timedelta

import pytest

from cavaco_plugin.channels.answers import retry_after

DATE = {"Date": "Sat, 21 Nov 2026 12:00:00 GMT"}
NOON = 1795262400  # the same instant


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": " 30 "}, 30),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "99999999999999999999"}, 86400),
        ({"Retry-After": "Sat, 21 Nov 2026 12:01:00 GMT", **DATE}, 60),
        ({"Retry-After": "Sat, 21 Nov 2026 11:00:00 GMT", **DATE}, 0),
        ({"Retry-After": "Sat, 21 Nov 2026 12:01:00 GMT"}, None),
        ({"X-RateLimit-Reset": str(NOON + 45), **DATE}, 45),
        ({"X-RateLimit-Reset": str(NOON - 45), **DATE}, 0),
        ({"X-RateLimit-Reset": str(NOON + 45)}, None),
        ({"X-RateLimit-Reset": "99999999999", **DATE}, None),
        ({"X-RateLimit-Reset": str(NOON + 45), "Date": "yesterday"}, None),
    ],
)
def test_the_wait_an_answer_asks_for(headers: dict[str, str], seconds: int | None):
    assert retry_after(headers) == (None if seconds is None else timedelta(seconds=seconds))
