"""Policies that can not hold."""

from typing import Any

from tests.contracts.table import Bad

WEEK = {"kind": "rolling", "length": "P7D"}


def cap(**changes: Any) -> dict[str, Any]:
    return {"caps": [{"scope": "all", "messages": 3, "window": WEEK, **changes}]}


def quiet(**hours: Any) -> dict[str, Any]:
    return {"quiet_hours": {"email": {"start": "22:00", "end": "07:00", **hours}}}


CASES = [
    # what, given, field, code, remedy
    Bad("no object", ["caps"], "policy", "", 'write it like {"caps": []}'),
    Bad("misspelt field", {"cpas": []}, "cpas", "", "check the spelling or take it out"),
    Bad("caps no list", {"caps": 3}, "caps", "", "give a list"),
    Bad("cap of no scope", {"caps": [{"messages": 3, "window": WEEK}]}, "caps[0].scope", "", "is missing; add it"),
    Bad("cap of an unknown scope", cap(scope="planet"), "caps[0].scope", "", "use 'all', 'channel' or 'topic'"),
    Bad("cap over everything that names a topic", cap(only="newsletter"), "caps[0]", "", "leave it out"),
    Bad("negative cap", cap(messages=-1), "caps[0].messages", "", "greater than or equal to 0"),
    Bad("cap of a thousand and one", cap(messages=1001), "caps[0].messages", "", "less than or equal to 1000"),
    Bad("blank cap", cap(messages=" "), "caps[0].messages", "", "or null for no cap"),
    Bad("cap in words", cap(messages="three"), "caps[0].messages", "", "valid integer"),
    Bad("cap on half a message", cap(messages=1.5), "caps[0].messages", "", "valid integer"),
    Bad("cap of no window", {"caps": [{"scope": "all", "messages": 3}]}, "caps[0].window", "", "is missing; add it"),
    Bad("window of no kind", cap(window={"length": "P7D"}), "caps[0].window", "", "`kind`: 'rolling' or 'calendar'"),
    Bad("window of an unknown kind", cap(window={"kind": "lunar"}), "caps[0].window", "", "use 'rolling' or 'calendar'"),
    Bad("window of no length", cap(window={"kind": "rolling", "length": "P0D"}), "caps[0].window.length", "", "for instance P7D"),
    Bad("window beyond the ring", cap(window={"kind": "rolling", "length": "P32D"}), "caps[0].window.length", "", "at most 31 days"),
    Bad("window in words", cap(window={"kind": "rolling", "length": "a week"}), "caps[0].window.length", "", "write it like P7D"),
    Bad("calendar of no unit", cap(window={"kind": "calendar", "unit": "year"}), "caps[0].window.unit", "", "use 'day', 'week' or 'month'"),
    Bad("cap on a topic with a NUL", cap(scope="topic", only="a\x00b"), "caps[0].only", "", "Take it out"),
    Bad("quiet hours of no length", quiet(end="22:00"), "quiet_hours.email", "", "leave the channel out"),
    Bad("quiet hours after midnight's end", quiet(start="24:30"), "quiet_hours.email.start", "", "write it like 22:00"),
    Bad("quiet hours in words", quiet(start="late"), "quiet_hours.email.start", "", "write it like 22:00"),
    Bad("quiet hours of one zone", quiet(start="22:00+01:00"), "quiet_hours.email", "", "leave the zone out"),
    Bad("quiet hours without an end", {"quiet_hours": {"sms": {"start": "20:00"}}}, "quiet_hours.sms.end", "", "is missing; add it"),
    Bad("held for ever", {"max_hold": "P91D"}, "max_hold", "", "at most 90 days"),
    Bad("held for less than nothing", {"max_hold": "-P1D"}, "max_hold", "", "for instance P3D"),
    Bad("unknown purpose counted", {"counted": ["fun"]}, "counted[0]", "", "use 'marketing' or 'transactional'"),
    Bad("country in words", {"legal_basis": {"Germany": "consent"}}, "legal_basis.Germany", "", "two capital letters"),
    Bad("unknown basis", {"legal_basis": {"DE": "hope"}}, "legal_basis.DE", "", "use 'consent' or 'opt_out'"),
]  # fmt: skip
