"""Is everything moving? Ages and states only: nothing here is secret."""

from datetime import datetime, timedelta

from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from cavaco_plugin.channels.models import ProviderHealth
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.flows.models import Timer
from cavaco_plugin.outbox.queries import oldest_ready_age
from cavaco_plugin.web import answers

# Every queue is looked at several times a minute; a wait like this means that nobody does.
LATE = timedelta(minutes=5)


def health(request: HttpRequest) -> HttpResponse:
    """How long the oldest entry of each queue has waited, and how each provider does."""
    if request.method not in ("GET", "HEAD"):
        return answers.only("GET", "HEAD")
    now = timezone.now()
    waits = _waits(now)
    late = sorted(queue for queue, wait in waits.items() if wait > LATE)
    answer = JsonResponse(
        {
            "status": "late" if late else "ok",
            "late": late,
            "seconds_waiting": {queue: int(wait.total_seconds()) for queue, wait in waits.items()},
            "providers": _providers(),
        },
        status=503 if late else 200,
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _waits(now: datetime) -> dict[str, timedelta]:
    oldest = {
        "events": StoreEvent.objects.filter(handled_at=None).aggregate(at=Min("received_at")),
        "timers": Timer.objects.filter(due_at__lte=now).aggregate(at=Min("due_at")),
        "receipts": StoredReceipt.objects.filter(applied_at=None).aggregate(at=Min("received_at")),
    }
    waits = {
        queue: max(now - found["at"], timedelta(0)) if found["at"] else timedelta(0)
        for queue, found in oldest.items()
    }
    return {**waits, "messages": oldest_ready_age(now=now)}


def _providers() -> list[dict[str, str]]:
    return [
        {
            "channel": row.channel,
            "provider": row.provider,
            "state": "stopped" if row.stopped_reason else row.state,
        }
        for row in ProviderHealth.objects.order_by("channel", "provider")
    ]
