"""What happens when Django starts inside Saleor: the same few steps in every process."""

from importlib import import_module

from django.conf import settings
from saleor.core.db.connection import allow_writer

from cavaco_plugin.kernel import database
from cavaco_plugin.schedule import SCHEDULE
from cavaco_plugin.store import port


def ready() -> None:
    """Answer the core's questions, join Saleor's schema and Saleor's beat."""
    database.use_writer(allow_writer)
    port.use(import_module("cavaco_plugin.hosts.plugin.store").SaleorStore())
    import_module("cavaco_plugin.hosts.plugin.schema").join()
    _join_beat()


def _join_beat() -> None:
    """In place: both schedulers that Saleor runs with read this dictionary."""
    for name, entry in SCHEDULE.items():
        settings.CELERY_BEAT_SCHEDULE.setdefault(name, entry)
