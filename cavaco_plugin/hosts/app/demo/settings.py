"""Settings of the demo: the app home's own, with a clock that ticks every second."""

from datetime import timedelta

from cavaco_plugin.hosts.app.settings import *  # noqa: F403
from cavaco_plugin.schedule import SCHEDULE

CELERY_BEAT_SCHEDULE = {name: dict(entry) for name, entry in SCHEDULE.items()}
CELERY_BEAT_SCHEDULE["cavaco-tick"]["schedule"] = timedelta(seconds=1)
CELERY_BEAT_SCHEDULE["cavaco-reconcile"]["schedule"] = timedelta(seconds=3)
# The beat looks at its table for changes this often, and never sleeps longer.
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
