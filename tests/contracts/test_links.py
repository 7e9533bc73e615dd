"""A wrong link or form gets a page that says so, in the shop's name, and changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cavaco_plugin.consent import links
from cavaco_plugin.consent.models import OptInRequest
from cavaco_plugin.profiles.models import Profile
from tests.contracts.cases.links import BODIES, CASES
from tests.contracts.table import Bad, Refusal, assert_refused, rows, stored
from tests.outbox.makers import person
from tests.web import pages

Maker = Callable[[Profile], str]
LINKS: dict[str, Maker] = {
    "unsubscribe": pages.unsubscribe,
    "preferences": pages.preferences,
    "confirm": lambda profile: pages.confirmation(profile, at=timezone.now()),
    "cut": lambda profile: pages.unsubscribe(profile)[:-4],
    "altered": lambda profile: pages.unsubscribe(profile).replace("newsletter", "cart_reminders"),
    "stranger": lambda profile: links.unsubscribe_url(
        doors_url="/", profile="0" * 20, channel="email", topic="newsletter"
    ),
}


@pytest.fixture
def maya(db: None, shop: Any) -> Profile:
    return person(email="maya@example.com", phone="+447700900123", consents=False)


def token_of(name: str, profile: Profile) -> str:
    return LINKS[name](profile).rpartition("/")[2] if name in LINKS else name


@rows(CASES)
def test_a_visit_that_is_wrong_changes_nothing(case: Bad, visitor: Client, maya: Profile) -> None:
    page, name, form = case.given
    address = f"/{page}/{token_of(name, maya)}"
    before = stored()
    answer = visitor.get(address) if form is None else visitor.post(address, form)
    assert_refused(case, [Refusal(None, answer.status_code, answer.content.decode())])
    assert stored() == before


@rows(BODIES)
@pytest.mark.parametrize("page", ["unsubscribe", "preferences", "confirm"])
def test_what_is_no_form_changes_nothing(
    page: str, case: Bad, visitor: Client, maya: Profile
) -> None:
    kind = (
        "multipart/form-data; boundary=edge"
        if case.given.startswith(b"--")
        else "application/x-www-form-urlencoded"
    )
    address = f"/{page}/{token_of(page, maya)}"
    before = stored()
    answer = visitor.post(address, data=case.given, content_type=kind)
    assert_refused(case, [Refusal(None, answer.status_code, answer.content.decode())])
    assert stored() == before
    assert not OptInRequest.objects.exclude(confirmed_at=None).exists()
