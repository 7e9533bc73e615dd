"""What an operator asks at the command line about one person."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import ContactPoint
from cavaco_plugin.store.snapshots import Buyer
from tests.path.world import let_pass, tick

pytestmark = pytest.mark.django_db

ANNA = Buyer(email="anna@example.com", country="DE", language="EN", first_name="Anna")


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_dry_run_shows_each_step_and_when_it_would_send_and_sends_nothing(shop, mailbox):
    shop.cart("c1", buyer=ANNA, consent_declaration="email")
    tick(shop)
    shown = run("cavaco_dry_run", "abandoned_cart", "--email", "anna@example.com")
    for step in ("first_mail", "four_hours", "sms_allowed", "second_mail", "third_mail"):
        assert step in shown
    assert "reachable.sms" in shown
    assert "allow" in shown or "hold" in shown
    assert "completed" in shown
    assert mailbox.ledger.messages == []
    assert Message.objects.count() == 0


def test_a_dry_run_says_why_the_gate_would_refuse(shop):
    shop.cart("c1", buyer=ANNA)
    tick(shop)
    assert "no_consent" in run("cavaco_dry_run", "abandoned_cart", "--email", "anna@example.com")


def test_a_dry_run_of_no_flow_names_those_there_are(shop):
    with pytest.raises(CommandError, match=r"flow: .*abandoned_cart"):
        run("cavaco_dry_run", "nothing", "--email", "anna@example.com")


@pytest.mark.parametrize("command", ["cavaco_export", "cavaco_erase"])
def test_an_unknown_person_is_named(shop, command):
    with pytest.raises(CommandError, match=r"--email: nobody is known by 'nobody@example.com'"):
        run(command, "--email", "nobody@example.com")


def test_an_export_holds_what_was_sent_and_an_erasure_leaves_nothing(shop, mailbox):
    shop.cart("c1", buyer=ANNA, consent_declaration="email")
    let_pass(shop, hours=2)
    whole = run("cavaco_export", "--email", "anna@example.com")
    assert "anna@example.com" in whole
    assert "cart_reminder_1" in whole
    json.loads(whole)
    assert "Erased." in run("cavaco_erase", "--email", "anna@example.com", "--yes")
    assert not ContactPoint.objects.filter(value="anna@example.com").exists()
