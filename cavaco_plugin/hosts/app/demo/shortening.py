"""A flow whose hours are seconds. Pure: a definition in, a definition out."""

import math
import re
from collections.abc import Mapping
from typing import Any

from cavaco_plugin.flows.durations import parse_duration

# Waits that grow as the logarithm: an hour becomes four seconds, a day 19, ten days 32; so every wait
# stays in its order and the longest is still watched to its end.
SECONDS_PER_DOUBLING = 4
SHORTEST = 2
_WAITS = {"for", "quiet_for", "timeout", "duration"}
_HOUR = 3600


def shortened(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The same flow with waits of seconds. Expiry and re-entry stay what they are."""
    flow = dict(definition)
    flow["trigger"] = _part(definition["trigger"])
    flow["steps"] = [_part(step) for step in definition["steps"]]
    return flow


def seconds_for(text: str) -> str:
    """The short form of one ISO 8601 duration."""
    hours = parse_duration(text).total_seconds() / _HOUR
    length = max(SHORTEST, round(SECONDS_PER_DOUBLING * math.log2(1 + abs(hours))))
    return f"{'-' if hours < 0 else ''}PT{length}S"


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    short = {name: _value(name, value) for name, value in part.items()}
    if part.get("type") == "delay" and ("for" in part or "until_date" in part):
        # At ten in the morning the demo may be over.
        short.pop("until_local_time", None)
    return short


def _value(name: str, value: Any) -> Any:
    if name in _WAITS and isinstance(value, str) and re.match(r"-?P", value):
        return seconds_for(value)
    if name == "until_date" and isinstance(value, Mapping) and "offset" in value:
        return {**value, "offset": seconds_for(value["offset"])}
    return value
