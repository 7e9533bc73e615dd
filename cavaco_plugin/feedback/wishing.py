"""Asking the outbox for a message of our own: an answer to a keyword, a confirmation."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cavaco_plugin.outbox import operations as outbox
from cavaco_plugin.outbox.request import MessageRequest

logger = logging.getLogger(__name__)


def wish(requests: Sequence[MessageRequest], *, now: datetime) -> None:
    """Admit the messages, each once. One that cannot be made is logged with the remedy.

    What a person decided holds whether or not we can tell them so.
    """
    for request in requests:
        try:
            with transaction.atomic():
                outbox.admit([request], now=now)
        except outbox.InvalidRequest as problem:
            logger.error("No %s for profile %s: %s", request.origin, request.profile_id, problem)
