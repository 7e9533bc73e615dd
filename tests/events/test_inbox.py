"""The inbox takes each event once, loses none, and is never held up by one."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from cavaco_plugin.events import operations as events
from cavaco_plugin.events.backoff import wait_after
from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.events.operations import InvalidEvent, record
from cavaco_plugin.events.queries import open_events

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)


def note(subject_id: str = "c1", *, kind: str = "checkout", at: datetime = NOON, **options) -> bool:
    return record(
        source="saleor", kind=kind, subject_id=subject_id, updated_at=at, now=NOON, **options
    )


@pytest.mark.django_db
def test_the_same_change_told_by_hook_webhook_and_reconciler_is_one_event():
    told = [note(lock_timeout_ms=50), note(payload={"token": "c1"}), note()]
    assert told == [True, False, False]
    assert StoreEvent.objects.count() == 1


@pytest.mark.django_db
def test_equal_instants_in_two_zones_are_one_change():
    berlin = NOON.astimezone(datetime.strptime("+0100", "%z").tzinfo)
    assert [note(), note(at=berlin)] == [True, False]


@pytest.mark.django_db
def test_everything_told_is_kept():
    note(
        "o1", kind="order", payload={"é": "ß"}, is_backfill=True, email="a@b.c", checkout_token="t"
    )
    event = StoreEvent.objects.get()
    assert (event.payload, event.is_backfill, event.email) == ({"é": "ß"}, True, "a@b.c")
    assert (event.kind, event.subject_id, event.checkout_token) == ("order", "o1", "t")
    assert (event.occurred_at, event.received_at, event.attempts) == (NOON, NOON, 0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kind": "cart"}, "kind: 'cart' is not one of checkout, customer, order."),
        ({"subject_id": ""}, "subject_id: ''; give the id of the checkout, at most 64 characters."),
        (
            {"subject_id": "9" * 65},
            f"subject_id: '{'9' * 65}'; give the id of the checkout, at most 64 characters.",
        ),
        (
            {"updated_at": datetime(2026, 11, 20)},  # noqa: DTZ001
            "updated_at: has no time zone; give an aware datetime.",
        ),
        (
            {"source": ""},
            "source: is empty; name the shop the event comes from, such as 'saleor'.",
        ),
    ],
)
def test_a_wrong_field_is_named_with_the_remedy(wrong, message):
    values = {"source": "saleor", "kind": "checkout", "subject_id": "c1", "updated_at": NOON}
    with pytest.raises(InvalidEvent) as caught:
        record(**{**values, **wrong}, now=NOON)
    assert str(caught.value) == message


@pytest.mark.django_db
def test_a_failing_event_waits_and_the_others_go_on():
    note("poisoned")
    note("healthy")
    poisoned = StoreEvent.objects.get(subject_id="poisoned")
    events.fail(event=poisoned, error=KeyError("token"), now=NOON)

    poisoned.refresh_from_db()
    assert (poisoned.attempts, poisoned.error) == (1, "KeyError: 'token'")
    assert [event.subject_id for event in open_events(now=NOON, limit=10)] == ["healthy"]
    due = poisoned.retry_at
    assert due == NOON + timedelta(seconds=10)
    assert [e.subject_id for e in open_events(now=due, limit=10)] == ["poisoned", "healthy"]


def test_the_wait_doubles_up_to_an_hour():
    waits = [wait_after(attempts).total_seconds() for attempts in (1, 2, 3, 9, 10, 30_000)]
    assert waits == [10, 20, 40, 2560, 3600, 3600]


@pytest.mark.django_db
def test_a_handled_event_is_not_begun_again():
    note()
    event = StoreEvent.objects.get()
    with transaction.atomic():
        assert events.begin(event=event)
        events.finish(event=event, now=LATER)
    assert not events.begin(event=event)
    assert StoreEvent.objects.get().handled_at == LATER
    assert open_events(now=LATER, limit=10) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_hold_the_same_event():
    note("c1")
    note("c2")
    first = StoreEvent.objects.get(subject_id="c1")
    seen: dict[str, object] = {}

    def other_worker():
        seen["open"] = [event.subject_id for event in open_events(now=NOON, limit=10)]
        with transaction.atomic():
            seen["begun"] = events.begin(event=first)
        connection.close()

    with transaction.atomic():
        assert events.begin(event=first)
        run(other_worker)
    assert seen == {"open": ["c2"], "begun": False}


@pytest.mark.django_db(transaction=True)
def test_a_locked_table_holds_up_a_hook_for_no_longer_than_its_time_out():
    is_locked, may_go = threading.Event(), threading.Event()

    def lock_table():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE cavaco_store_event IN ACCESS EXCLUSIVE MODE")
            is_locked.set()
            may_go.wait(10)
        connection.close()

    holder = threading.Thread(target=lock_table)
    holder.start()
    is_locked.wait(10)
    began = time.monotonic()
    try:
        with pytest.raises(OperationalError, match="lock timeout"):
            note(lock_timeout_ms=50)
        waited = time.monotonic() - began
    finally:
        may_go.set()
        holder.join()
    assert 0.04 < waited < 1
    assert note(lock_timeout_ms=50)


@pytest.mark.django_db(transaction=True)
def test_a_hurried_row_leaves_no_setting_behind():
    before = settings_now()
    note(lock_timeout_ms=50)
    assert settings_now() == before
    with transaction.atomic():
        note("inside", lock_timeout_ms=50)
        assert settings_now() == before
    assert StoreEvent.objects.count() == 2


def settings_now() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout'), current_setting('synchronous_commit')"
        )
        return cursor.fetchone()


def run(work) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
