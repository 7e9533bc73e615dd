"""Two at once, with real connections: whoever commits second sees what the first did."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from cavaco_plugin.consent import keywords, links
from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import ConsentRecord, OptInRequest, Suppression
from cavaco_plugin.profiles.locking import lock
from tests.consent.sayings import HOUR, NOON, consent_of, said

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], object]) -> list[object]:
    """Run each on a connection of its own, all released at one moment."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            barrier.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def test_one_confirmation_used_by_many_at_once_confirms_once(maya):
    statement = said(address="maya@example.com")
    consent.request_double_opt_in(
        profile_id=maya.pk, channel="email", topics=["newsletter"], statement=statement, now=NOON
    )
    url = links.confirm_url(doors_url="", opt_in=OptInRequest.objects.get().public_id)

    def confirm():
        return consent.confirm(token=url.partition("/")[2], now=NOON + HOUR).answer

    assert sorted(together(*[confirm] * 8)) == ["already"] * 7 + ["confirmed"]
    assert ConsentRecord.objects.filter(state="granted").count() == 1


def test_many_stops_at_once_get_one_answer(maya):
    def stop():
        return keywords.stop(address="+447700900123", statement=said(NOON), now=NOON).reply

    replies = together(*[stop] * 8)
    assert [reply for reply in replies if reply] == ["sms_stopped"]


def test_strangers_complaining_at_once_make_one_row_of_one_name(db):
    def complain():
        row = consent.suppress(
            channel="email", address="x@example.com", reason="complaint", now=NOON
        )
        return row.pk if row else None

    made = {pk for pk in together(*[complain] * 8) if pk}
    assert made == {Suppression.objects.get().pk}


def test_grants_and_withdrawals_at_once_end_as_their_times_say(maya):
    def grant(minute):
        return lambda: consent.grant(
            profile_id=maya.pk,
            channel="email",
            topic="newsletter",
            statement=said(NOON + minute * HOUR / 60),
            now=NOON,
        )

    def leave(minute):
        return lambda: consent.withdraw(
            profile_id=maya.pk, statement=said(NOON + minute * HOUR / 60), now=NOON
        )

    together(grant(1), leave(9), grant(5), leave(3), grant(7), leave(2))
    assert consent_of(maya) == "withdrawn"


def test_who_holds_the_person_is_not_overtaken_by_a_withdrawal(maya):
    """A claim locks the person: a withdrawal that comes meanwhile commits after it, never inside it."""
    order: list[str] = []
    locked = threading.Event()

    def claim():
        with transaction.atomic():
            lock([maya.pk])
            locked.set()
            threading.Event().wait(0.3)
            order.append("claimed")

    def leave():
        locked.wait(10)
        consent.withdraw(profile_id=maya.pk, statement=said(NOON), now=NOON)
        order.append("withdrawn")

    together(claim, leave)
    assert order == ["claimed", "withdrawn"]
