"""Put Cavaco into a Saleor, and take it out again without a trace."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from saleor.plugins.models import PluginConfiguration

from cavaco_plugin.hosts.plugin.plugin import CavacoPlugin
from cavaco_plugin.schedule import SCHEDULE


def migrate() -> None:
    """Bring our tables up to date; Saleor's own migrations are left alone."""
    call_command("migrate", "cavaco", interactive=False, verbosity=0)


def activate(*, now: datetime) -> None:
    """Give the plugin its row of settings, active, unless an owner has saved one."""
    PluginConfiguration.objects.get_or_create(
        identifier=CavacoPlugin.PLUGIN_ID,
        channel=None,
        defaults={
            "name": CavacoPlugin.PLUGIN_NAME,
            "active": True,
            "configuration": CavacoPlugin.DEFAULT_CONFIGURATION,
        },
    )


def remove() -> Iterable[str]:
    """Leave Saleor as it was: beat rows, settings, permission, tables. Yields what was removed."""
    yield f"{_remove_beat_rows()} entries of Saleor's beat"
    rows, _ = PluginConfiguration.objects.filter(identifier=CavacoPlugin.PLUGIN_ID).delete()
    yield f"{rows} plugin settings"
    yield f"{_remove_permission()} permissions and content types"
    call_command("migrate", "cavaco", "zero", interactive=False, verbosity=0)
    yield "all tables of Cavaco"


def _remove_beat_rows() -> int:
    """Saleor's database scheduler keeps entries: without this it would go on sending our tasks."""
    from django_celery_beat.models import IntervalSchedule
    from saleor.schedulers.models import CustomPeriodicTask

    ours = CustomPeriodicTask.objects.filter(name__in=list(SCHEDULE))
    intervals = list(ours.exclude(interval=None).values_list("interval_id", flat=True))
    removed = ours.count()
    ours.delete()
    IntervalSchedule.objects.filter(pk__in=intervals, periodictask=None).delete()
    return removed


def _remove_permission() -> int:
    from saleor.permission.models import Permission

    content_types = ContentType.objects.filter(app_label="cavaco")
    permissions, _ = Permission.objects.filter(content_type__in=content_types).delete()
    types, _ = content_types.delete()
    return permissions + types
