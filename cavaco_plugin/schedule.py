"""What Celery beat does for us, the same in both homes. Everything it starts is safe to repeat."""

from datetime import timedelta
from typing import Any


def _every(task: str, wait: timedelta) -> dict[str, Any]:
    # A tick that a busy worker did not take in time is no use later: the next one does its work.
    return {"task": task, "schedule": wait, "options": {"expires": wait.total_seconds() * 2}}


SCHEDULE: dict[str, dict[str, Any]] = {
    "cavaco-tick": _every("cavaco.tick", timedelta(seconds=5)),
    "cavaco-reconcile": _every("cavaco.reconcile", timedelta(seconds=30)),
    "cavaco-sweep": _every("cavaco.sweep", timedelta(seconds=30)),
    "cavaco-roll-up": _every("cavaco.roll_up", timedelta(minutes=10)),
}
