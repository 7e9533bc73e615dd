"""Whether the path is at rest: nothing open, nothing on its way, nobody inside a flow."""

from django.utils import timezone

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.flows.models import Enrolment, Timer
from cavaco_plugin.outbox.models import Message


def unrest() -> dict[str, int]:
    """What still moves, by stage; empty when all is at rest. Held messages rest."""
    found = {
        "events": StoreEvent.objects.filter(handled_at=None).count(),
        "receipts": StoredReceipt.objects.filter(applied_at=None).count(),
        "enrolments": Enrolment.objects.filter(state=Enrolment.State.LIVE).count(),
        "timers": Timer.objects.filter(kind=Timer.Kind.QUIET).count(),
        "sending": Message.objects.filter(state__in=["claimed", "sending"]).count(),
        "due": Message.objects.filter(state="ready", due_at__lte=timezone.now()).count(),
        # A provider reports within a second; without a word a message stays accepted.
        "unreported": Message.objects.filter(state="accepted", channel="sms").count(),
    }
    return {stage: number for stage, number in found.items() if number}
