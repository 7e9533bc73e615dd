"""Write down what cannot be asked again: a provider's answer must not be lost to a passing fault of the database."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

T = TypeVar("T")
TRIES = 3


def surely(work: Callable[[], T]) -> T:
    """Call `work`, a whole transaction, again after a deadlock or a lost connection.

    Raises:
        OperationalError: three times over; the messages stay unknown until a receipt comes.
    """
    for _ in range(TRIES - 1):
        try:
            return work()
        except OperationalError:
            if connection.in_atomic_block:
                raise
            logger.warning(
                "the outcomes of a slice could not be stored, trying again", exc_info=True
            )
            connection.close_if_unusable_or_obsolete()
    return work()
