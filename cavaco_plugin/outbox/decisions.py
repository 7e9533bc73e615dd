"""The rows that explain: one for each answer of the gate, written by the batch."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from cavaco_plugin.policy.facts import Verdict

INSERT = """
INSERT INTO cavaco_decision (message_id, stage, verdict, reason, rule, hold_until, inputs, decided_at)
SELECT message_id, %s, verdict, reason, rule, hold_until, inputs, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::jsonb[])
    AS given(message_id, verdict, reason, rule, hold_until, inputs)
"""


class Decided(NamedTuple):
    """What was said of one message."""

    message_id: int
    verdict: Verdict


def record(
    *, decided: Sequence[Decided], stage: str, policy_number: int | None, now: datetime
) -> None:
    """Write them all in one statement; each names the version of the policy it rests on, if it rests on one."""
    if not decided:
        return
    common = {} if policy_number is None else {"policy": policy_number}
    columns: list[list[object]] = [
        [one.message_id for one in decided],
        [one.verdict.verdict for one in decided],
        [one.verdict.reason for one in decided],
        [one.verdict.rule for one in decided],
        [one.verdict.hold_until for one in decided],
        [json.dumps(one.verdict.inputs | common) for one in decided],
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [stage, now, *columns])
