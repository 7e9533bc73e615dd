"""Events that can not be recorded: what differs from a good one."""

from datetime import datetime

from tests.contracts.table import Bad

CASES = [
    # what, given, field, code, remedy
    Bad("no source", {"source": ""}, "source", "", "such as 'saleor'"),
    Bad("endless source", {"source": "s" * 33}, "source", "", "at most 32 characters"),
    Bad("unknown kind", {"kind": "weather"}, "kind", "", "checkout, customer, order"),
    Bad("no kind", {"kind": ""}, "kind", "", "checkout, customer, order"),
    Bad("no subject", {"subject_id": ""}, "subject_id", "", "give the id of the order"),
    Bad("endless subject", {"subject_id": "x" * 65}, "subject_id", "", "at most 64 characters"),
    Bad("subject a number", {"subject_id": 5}, "subject_id", "", "give the id of the order"),
    Bad("subject with a NUL", {"subject_id": "a\x00b"}, "subject_id", "", "Take it out"),
    Bad("time of no zone", {"updated_at": datetime(2026, 11, 21)}, "updated_at", "", "give an aware datetime"),
    Bad("time a text", {"updated_at": "2026-11-21"}, "updated_at", "", "give an aware datetime"),
    Bad("payload with a NUL", {"payload": {"buyer": {"first_name": "a\x00b"}}}, "payload.buyer.first_name", "", "Take it out"),
    Bad("payload cut in a sign", {"payload": {"lines": [{"name": "\ud83d"}]}}, "payload.lines[0].name", "", "Take it out"),
    Bad("payload not a number", {"payload": {"total": float("inf")}}, "payload.total", "", "Give a finite number"),
    Bad("payload of values that are no JSON", {"payload": {"at": datetime(2026, 11, 21)}}, "payload", "", 'model_dump(mode="json")'),
    Bad("endless e-mail address", {"email": "x" * 255}, "email", "", "at most 254 characters"),
    Bad("endless checkout", {"checkout_token": "x" * 65}, "checkout_token", "", "at most 64 characters"),
]  # fmt: skip
