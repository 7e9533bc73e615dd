"""The rows that explain: one for each answer of the gate, written by the batch."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from cavaco_plugin.outbox.bulk import copy_rows
from cavaco_plugin.policy.facts import Verdict

COPY = """
COPY cavaco_decision (message_id, stage, verdict, reason, rule, hold_until, inputs, decided_at) FROM STDIN
"""


class Decided(NamedTuple):
    """What was said of one message."""

    message_id: int
    verdict: Verdict


def record(
    *, decided: Sequence[Decided], stage: str, policy_number: int | None, now: datetime
) -> None:
    """Write them all in one statement; each names the version of the policy it rests on, if it rests on one."""
    decided_at = str(now)
    copy_rows(
        COPY,
        (
            (
                one.message_id,
                stage,
                one.verdict.verdict,
                one.verdict.reason,
                one.verdict.rule,
                one.verdict.hold_until,
                _inputs(one.verdict, policy_number),
                decided_at,
            )
            for one in decided
        ),
    )


def _inputs(verdict: Verdict, policy_number: int | None) -> str:
    inputs = dict(verdict.inputs)
    if policy_number is not None:
        inputs["policy"] = policy_number
    if verdict.verdict == "allow":
        # Most messages may go, and on the same few grounds.
        return _encoded(tuple(inputs.items()))
    return json.dumps(inputs)


@lru_cache(maxsize=256)
def _encoded(inputs: tuple[tuple[str, object], ...]) -> str:
    return json.dumps(dict(inputs))
