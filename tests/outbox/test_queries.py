"""Messages as staff look at them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cavaco_plugin.outbox.queries import messages
from tests.outbox.makers import DAY, NOON, admit, flow, person, wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sendgrid")]


def test_messages_are_found_by_what_staff_know_of_them():
    maya, welcome = person(), flow()
    one, two, three = admit(
        wish(maya), wish(person(), flow_id=welcome.pk), wish(maya, topic="newsletter")
    )
    (old,) = admit(wish(person(), expires_at=NOON + DAY), now=NOON - DAY)

    def found(**conditions) -> set[int]:
        return {message.pk for message in messages(**conditions)}

    assert found() == {one.pk, two.pk, three.pk, old.pk}
    assert found(states=["dropped"]) == {three.pk}
    assert found(reasons=["no_consent"]) == {three.pk}
    assert found(channel="sms") == set()
    assert found(profile_id=maya.pk) == {one.pk, three.pk}
    assert found(flow_id=welcome.pk) == {two.pk}
    assert found(created_after=NOON) == {one.pk, two.pk, three.pk}
    assert found(created_before=NOON) == {old.pk}
    assert found(profile_id=maya.pk, states=["ready", "sending"]) == {one.pk}
    assert found(created_after=NOON + timedelta(seconds=1)) == set()


def test_a_page_with_all_its_explanations_is_a_fixed_number_of_queries():
    admit(*[wish(person()) for _ in range(10)])
    with CaptureQueriesContext(connection) as asked:
        rows = list(messages())
        explained = [(list(m.decisions.all()), list(m.attempt_rows.all()), m.flow) for m in rows]
    assert len(explained) == 10
    assert len(asked) == 4
