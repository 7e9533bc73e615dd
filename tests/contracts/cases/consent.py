"""What is no consent and no suppression: the operation, and what differs from a good call of it."""

from datetime import datetime

from tests.contracts.table import Bad

NAIVE = datetime(2026, 11, 21)

CASES = [
    # what, given, field, code, remedy
    Bad("grant by pigeon", ("grant", {"channel": "pigeon"}), "channel", "", "use one of email, sms"),
    Bad("grant of an unknown topic", ("grant", {"topic": "carts"}), "topic", "", "use one of newsletter"),
    Bad("grant of what needs none", ("grant", {"topic": "service"}), "topic", "", "needs or knows no consent"),
    Bad("grant for nobody", ("grant", {"profile_id": 987654321}), "profile 987654321", "", "There is no profile"),
    Bad("grant said nowhere", ("grant", {"statement": {"source": ""}}), "statement.source", "", "say where it was said"),
    Bad("grant without a name", ("grant", {"statement": {"key": ""}}), "statement.key", "", "name the act"),
    Bad("grant in no zone", ("grant", {"statement": {"occurred_at": NAIVE}}), "statement.occurred_at", "", "give an aware datetime"),
    Bad("grant in words with a NUL", ("grant", {"statement": {"wording": "Yes\x00!"}}), "statement.wording", "", "Take it out"),
    Bad("grant with a proof cut in a sign", ("grant", {"statement": {"proof": {"user_agent": "\ud83d"}}}), "statement.proof.user_agent", "", "Take it out"),
    Bad("grant from an endless address", ("grant", {"statement": {"address": "x" * 255}}), "statement.address", "", "at most 254 characters"),
    Bad("grant from an endless source", ("grant", {"statement": {"source": "x" * 65}}), "statement.source", "", "at most 64 characters"),
    Bad("withdrawal in no zone", ("withdraw", {"statement": {"occurred_at": NAIVE}}), "statement.occurred_at", "", "give an aware datetime"),
    Bad("withdrawal with a NUL", ("withdraw", {"statement": {"key": "a\x00"}}), "statement.key", "", "Take it out"),
    Bad("withdrawal of nobody", ("withdraw", {"profile_id": 987654321}), "profile 987654321", "", "There is no profile"),
    Bad("opt-in of no address", ("request_double_opt_in", {"statement": {"address": ""}}), "statement.address", "", "give the address that the confirmation goes to"),
    Bad("opt-in by pigeon", ("request_double_opt_in", {"channel": "pigeon"}), "channel", "", "use one of email, sms"),
    Bad("opt-in to an unknown topic", ("request_double_opt_in", {"topics": ["carts"]}), "topic", "", "use one of newsletter"),
    Bad("suppression for an unknown reason", ("suppress", {"reason": "dislike"}), "reason", "", "use one of"),
    Bad("suppression of nothing", ("suppress", {"address": "  "}), "address", "", "give the address to suppress"),
    Bad("suppression lifted by nobody", ("lift", {"by": " "}), "by", "", "name the person"),
    Bad("settings of an unknown field", ("save_settings", {"values": {"opt_in": 7}}), "opt_in", "", "Use one of double_opt_in"),
    Bad("opt-in on an unknown channel", ("save_settings", {"values": {"double_opt_in": ["pigeon"]}}), "double_opt_in", "", "Use email, sms"),
    Bad("declarations of an unknown topic", ("save_settings", {"values": {"declared_topics": ["carts"]}}), "declared_topics", "", "Use newsletter"),
    Bad("opt-in good for ever", ("save_settings", {"values": {"opt_in_days": 61}}), "opt_in_days", "", "less than or equal to 60"),
    Bad("opt-in good for a week in words", ("save_settings", {"values": {"opt_in_days": "seven"}}), "opt_in_days", "", "valid integer"),
]  # fmt: skip
