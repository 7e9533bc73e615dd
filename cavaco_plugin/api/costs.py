"""What each field of ours costs in a query, in the words of the host's cost map."""

from typing import Any

PAGED = {"complexity": 1, "multipliers": ["first", "last"]}

QUERY_COSTS: dict[str, dict[str, Any]] = {
    "flows": PAGED,
    "flow": {"complexity": 1},
    "flowTemplates": {"complexity": 5},
    "messages": PAGED,
    "message": {"complexity": 1},
    "messagingProfile": {"complexity": 1},
}
TYPE_COSTS: dict[str, dict[str, dict[str, Any]]] = {
    "MessagingProfile": {
        "messages": PAGED,
        "consents": {"complexity": 1},
        "contactPoints": {"complexity": 1},
    },
    "Message": {
        "decisions": {"complexity": 1},
        "attempts": {"complexity": 1},
        "events": {"complexity": 1},
    },
    "Flow": {"counts": {"complexity": 1}},
}
USER_COSTS: dict[str, dict[str, Any]] = {"messagingProfile": {"complexity": 1}}
