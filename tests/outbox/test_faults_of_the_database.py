"""What a provider said is written down even if the database stumbles just then."""

import pytest
from django.db import OperationalError, connection

from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.outbox import dispatch, recording
from cavaco_plugin.outbox.models import Attempt, Message
from tests.outbox.makers import NOON, admit, person, wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sendgrid")]


def stumble(monkeypatch, times: int, how) -> list[int]:
    stumbles: list[int] = []
    explain = recording._explain_attempts

    def stumbling(outcomes, now):
        explain(outcomes, now)
        if len(stumbles) < times:
            stumbles.append(1)
            how()

    monkeypatch.setattr(recording, "_explain_attempts", stumbling)
    return stumbles


def deadlock() -> None:
    raise OperationalError("deadlock detected")


def lose_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.parametrize("how", [deadlock, lose_connection])
@pytest.mark.parametrize("outcome", [script.Accept(), script.ServerError(500)])
def test_a_stumble_is_tried_again_and_counts_once(sendgrid, monkeypatch, how, outcome):
    (message,) = admit(wish(person()))
    sendgrid.script.then(outcome)
    stumbles = stumble(monkeypatch, 2, how)
    dispatch.release(now=NOON)
    row = Message.objects.get(pk=message.pk)
    accepted = isinstance(outcome, script.Accept)
    assert (row.state, row.attempts) == ("accepted" if accepted else "ready", 1)
    assert Attempt.objects.count() == 1
    assert len(stumbles) == 2


def test_a_database_that_stays_away_leaves_the_message_unknown_and_unsent(sendgrid, monkeypatch):
    (message,) = admit(wish(person()))
    stumble(monkeypatch, 3, deadlock)
    with pytest.raises(OperationalError):
        dispatch.release(now=NOON)
    assert Message.objects.get(pk=message.pk).state == "sending"
    dispatch.release(now=NOON)
    assert sendgrid.ledger.counts == {message.public_id: 1}
