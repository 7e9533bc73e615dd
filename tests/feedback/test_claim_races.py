"""People leave while the outbox sends: what the answer to their click promised must hold."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.db import connection
from django.test import Client

from cavaco_plugin.consent import links
from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.web.throttle import public_posts
from tests.outbox.makers import NOON, TOPIC, admit, person, wish

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 90


@pytest.fixture
def crowd(settings, sendgrid):
    settings.ROOT_URLCONF = "cavaco_plugin.web.urls"
    public_posts._seen.clear()
    return admit(*(wish(person()) for _ in range(PEOPLE)))


def leave(message: Message) -> tuple[str, str]:
    """Click, and look at the message the moment the answer is there."""
    url = links.unsubscribe_url(
        doors_url="/", profile=message.profile.public_id, channel="email", topic=TOPIC
    )
    try:
        answer = Client().post(
            url,
            data="List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
        return message.public_id, Message.objects.values_list("state", flat=True).get(pk=message.pk)
    finally:
        connection.close()


def test_nothing_is_claimed_after_the_click_was_answered(crowd, sendgrid):
    with ThreadPoolExecutor(3) as threads:
        leaving = [threads.submit(leave, message) for message in reversed(crowd)]
        for _ in count():
            dispatch.release(now=NOON, limit=10)
            if all(future.done() for future in leaving):
                break
        after_click = dict(future.result() for future in leaving)
    dispatch.release(now=NOON, limit=1000)
    assert set(after_click.values()) <= {"dropped", "sending", "accepted"}
    counts = sendgrid.ledger.counts
    for public_id, state in after_click.items():
        assert counts[public_id] == (0 if state == "dropped" else 1), state
    final = set(Message.objects.values_list("state", flat=True))
    assert final <= {"dropped", "accepted"}
    assert {"dropped", "accepted"} <= set(after_click.values())


def test_a_click_before_the_release_stops_every_message(crowd, sendgrid):
    for message in crowd[:20]:
        leave(message)
    dispatch.release(now=NOON, limit=1000)
    assert sum(sendgrid.ledger.counts.values()) == PEOPLE - 20
    dropped = Message.objects.filter(state="dropped")
    assert set(dropped.values_list("pk", flat=True)) == {message.pk for message in crowd[:20]}
    assert set(dropped.values_list("reason", flat=True)) == {"consent_withdrawn"}
