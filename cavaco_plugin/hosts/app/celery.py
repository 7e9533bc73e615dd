"""Celery of the app home. In the plugin home the same tasks run on Saleor's own Celery."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cavaco_plugin.hosts.app.settings")

app = Celery("cavaco")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
