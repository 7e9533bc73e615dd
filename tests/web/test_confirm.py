from datetime import timedelta

from django.utils import timezone

from cavaco_plugin.consent.models import ConsentRecord
from tests.consent.sayings import consent_of
from tests.web.pages import confirmation


def test_the_page_shows_what_is_to_be_confirmed(visitor, maya):
    url = confirmation(maya, at=timezone.now(), topics=("newsletter", "cart_reminders"))
    page = visitor.get(url).content.decode()
    assert "News and offers" in page
    assert "Reminders about your cart" in page
    assert "m•••@example.com" in page
    assert consent_of(maya) == "pending"


def test_the_button_confirms_once(visitor, maya):
    url = confirmation(maya, at=timezone.now())
    first = visitor.post(url, {"action": "confirm"})
    assert "Thank you!" in first.content.decode()
    assert consent_of(maya) == "granted"
    again = visitor.post(url, {"action": "confirm"})
    assert "Already confirmed" in again.content.decode()
    assert ConsentRecord.objects.filter(state="granted").count() == 1
    assert "Already confirmed" in visitor.get(url).content.decode()


def test_an_expired_link_says_what_to_do(visitor, maya):
    url = confirmation(maya, at=timezone.now() - timedelta(days=8))
    for answer in (visitor.get(url), visitor.post(url, {"action": "confirm"})):
        assert answer.status_code == 410
        assert "subscribe once more at Alder &amp; Finch" in answer.content.decode()
    assert consent_of(maya) == "pending"


def test_a_post_without_the_button_confirms_nothing(visitor, maya):
    url = confirmation(maya, at=timezone.now())
    assert visitor.post(url).status_code == 400
    assert consent_of(maya) == "pending"


def test_a_forged_link_is_told_so(visitor, db):
    assert visitor.get("/confirm/1cabc....defghijklmnop").status_code == 404
    answer = visitor.post("/confirm/1cabc....defghijklmnop", {"action": "confirm"})
    assert answer.status_code == 404
