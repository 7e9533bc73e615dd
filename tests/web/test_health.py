from datetime import timedelta

from django.utils import timezone

from cavaco_plugin.channels.models import ProviderHealth
from cavaco_plugin.events.models import StoreEvent


def test_an_idle_installation_is_well(visitor, db):
    answer = visitor.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "late": [],
        "seconds_waiting": {"events": 0, "timers": 0, "receipts": 0, "messages": 0},
        "providers": [],
    }


def test_a_queue_that_nobody_works_on_is_named(visitor, db):
    long_ago = timezone.now() - timedelta(minutes=6)
    StoreEvent.objects.create(
        source="saleor",
        key="k",
        kind="order",
        subject_id="1",
        occurred_at=long_ago,
        received_at=long_ago,
    )
    answer = visitor.get("/health/")
    assert (answer.status_code, answer.json()["late"]) == (503, ["events"])
    assert answer.json()["seconds_waiting"]["events"] >= 360


def test_a_stopped_provider_is_shown_without_the_reason(visitor, db):
    ProviderHealth.objects.create(
        channel="email",
        provider="smtp",
        stopped_reason="password x was refused",
        updated_at=timezone.now(),
    )
    answer = visitor.get("/health/")
    assert answer.json()["providers"] == [
        {"channel": "email", "provider": "smtp", "state": "stopped"}
    ]
    assert "password" not in answer.content.decode()
