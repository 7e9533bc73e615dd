"""What the answer to a click on "unsubscribe" says is true everywhere by the time it is given."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from cavaco_plugin.consent import links
from cavaco_plugin.consent.models import ConsentState
from cavaco_plugin.outbox import dispatch
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.operations import lock
from cavaco_plugin.web.throttle import public_posts
from tests.faults import clockwork
from tests.faults.together import side_by_side
from tests.outbox.makers import NOON, TOPIC, admit, person, wish
from tests.promises.accounts import assert_once, states, unexplained

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 40


@pytest.fixture(autouse=True)
def clock(provider):
    with clockwork.running():
        yield


def click(profile, settings) -> int:
    settings.ROOT_URLCONF = "cavaco_plugin.web.urls"
    public_posts._seen.clear()
    url = links.unsubscribe_url(
        doors_url="/", profile=profile.public_id, channel="email", topic=TOPIC
    )
    form = {"data": "List-Unsubscribe=One-Click"}
    answer = Client().post(url, content_type="application/x-www-form-urlencoded", **form)
    return answer.status_code


def withdrawn(profile) -> bool:
    return ConsentState.objects.filter(profile=profile, state="withdrawn", topic=TOPIC).exists()


def test_the_answer_to_a_click_waits_until_the_withdrawal_is_committed(settings, provider):
    """Somebody holds the person: the click is not answered, for it is not yet true."""
    maya, answered, waiting = person(), threading.Event(), threading.Event()
    admit(wish(maya))

    def holds() -> None:
        with transaction.atomic():
            lock([maya.pk])
            waiting.set()
            assert not answered.wait(0.5), "answered before it could commit"
        assert answered.wait(20)

    def clicks() -> None:
        assert waiting.wait(20)
        assert click(maya, settings) == 200
        answered.set()

    def looks() -> bool:
        assert answered.wait(20)
        return withdrawn(maya)

    assert side_by_side(holds, clicks, looks)[2] is True
    dispatch.release(now=NOON + timedelta(hours=1))
    assert (states(), provider.counts()) == ({"dropped": 1}, {})


def test_what_a_click_promised_holds_on_every_other_connection(settings, provider):
    """Clicks through the door against workers that really send."""
    people = [person() for _ in range(PEOPLE)]
    admit(*(wish(one) for one in people))

    def clicks() -> list[bool]:
        return [click(one, settings) == 200 and seen_elsewhere(one) for one in reversed(people)]

    def sends() -> None:
        while Message.objects.filter(state="ready").exists():
            dispatch.release(now=NOON, limit=4)

    seen, _ = side_by_side(clicks, sends)
    assert seen == [True] * PEOPLE
    assert clockwork.too_late("withdrawn") == []
    assert set(states()) <= {"accepted", "dropped"}
    assert_once(provider.counts())
    assert unexplained() == []


def seen_elsewhere(profile) -> bool:
    """Whether a connection opened only now sees the withdrawal."""
    connection.close()
    return withdrawn(profile)
