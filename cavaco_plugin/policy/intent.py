"""One intended message, as much of it as facts are loaded for."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple


class Intent(NamedTuple):
    """A message to be judged. `id` need only be unique in its batch: at admission there is no row yet."""

    id: int
    profile_id: int
    channel: str
    purpose: str
    topic: str
    sales_channel: str
    template_version_id: int
    flow_id: int | None
    subject: Mapping[str, str]
    purchase_proof_since: datetime | None
    expires_at: datetime | None
    is_test: bool


class Stop(NamedTuple):
    """Why nothing leaves on a channel now, and from when on it is tried again (None: staff must act)."""

    reason: str
    retry_at: datetime | None
