"""Idempotency keys: one spelling for each thing that must happen at most once."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """`at` in UTC with microseconds: equal instants give equal text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def store_event_key(*, kind: str, subject_id: str, updated_at: datetime) -> str:
    """The key a hook, a webhook and the reconciler all give to one change in the shop."""
    return f"{kind}:{subject_id}:{moment(updated_at)}"


def flow_message_key(*, enrolment_id: int, step_id: str, visit: int) -> str:
    """The key of the message that one visit of one step of one enrolment intends."""
    return f"flow:{enrolment_id}:{step_id}:{visit}"


def episode_key(*, checkout_token: str, episode: int) -> str:
    """The key of one activity episode of a checkout."""
    return f"checkout:{checkout_token}:{episode}"
