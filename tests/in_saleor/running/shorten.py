"""Publish the shipped flows with waits of seconds. Run inside Saleor: `python shorten.py SECONDS`."""

import json
import re
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402
from saleor.core.db.connection import allow_writer  # noqa: E402

from cavaco_plugin.flows import library, operations  # noqa: E402
from cavaco_plugin.policy import operations as policy  # noqa: E402


def shortened(definition: dict[str, object], seconds: int) -> dict[str, object]:
    """Every duration becomes a few seconds, a day's wait a little longer than an hour's."""
    text = json.dumps(definition)
    text = re.sub(r'"until_local_time": "[^"]*"', f'"for": "PT{seconds}S"', text)
    text = text.replace('"PT12H"', '"PT10M"')
    text = re.sub(r'"PT(\d+)H"', lambda m: f'"PT{seconds + int(m[1]) // 4}S"', text)
    text = re.sub(r'"P(\d+)D"', lambda m: f'"PT{seconds + int(m[1])}S"', text)
    return dict(json.loads(text))


with allow_writer():
    now = timezone.now()
    for entry in library.entries():
        operations.activate_template(key=entry.key, now=now)
        definition = shortened(entry.definition, int(sys.argv[1]))
        operations.publish(key=entry.key, definition=definition, now=now)
    policy.publish(definition={"caps": [], "quiet_hours": {}}, now=now, by="test")
