import json

import pytest
from django.db import DatabaseError, transaction

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent import person as stage
from cavaco_plugin.consent import queries
from cavaco_plugin.consent.models import ConsentRecord, ConsentState, OptInRequest
from tests.consent.sayings import HOUR, NOON, consent_of, said
from tests.outbox.makers import person


def grant(profile, at=NOON, topic="newsletter"):
    consent.grant(profile_id=profile.pk, channel="email", topic=topic, statement=said(at), now=at)


def leave(profile, at):
    consent.withdraw(profile_id=profile.pk, channel="email", statement=said(at), now=at)


def merge(winner, loser, at):
    moved = stage.absorb(winner_id=winner.pk, loser_id=loser.pk, now=at)
    loser.merged_into = winner
    loser.save()
    return json.loads(json.dumps(moved))


def separate(winner, loser, moved, at):
    loser.merged_into = None
    loser.save()
    stage.restore(winner_id=winner.pk, loser_id=loser.pk, moved=moved, now=at)


def test_the_newest_word_of_both_counts_for_one_person(maya):
    other = person(consents=False)
    grant(maya)
    leave(other, NOON + HOUR)
    merge(maya, other, NOON + 2 * HOUR)
    assert consent_of(maya) == "withdrawn"


@pytest.mark.parametrize("left_first", [True, False])
def test_a_newer_yes_under_another_name_does_not_undo_a_no(maya, left_first):
    other = person(consents=False)
    grant(maya, at=NOON + 3 * HOUR)
    leave(other, NOON + HOUR)
    winner, loser = (other, maya) if left_first else (maya, other)
    merge(winner, loser, NOON + 4 * HOUR)
    assert consent_of(winner) == "withdrawn"
    grant(winner, at=NOON + 5 * HOUR)
    assert consent_of(winner) == "granted"


def test_records_stay_with_who_made_them(maya):
    other = person(consents=False)
    grant(other)
    merge(maya, other, NOON + HOUR)
    assert consent_of(maya) == "granted"
    assert ConsentRecord.objects.get().profile_id == other.pk


def test_a_merge_undone_gives_each_their_own_word_back(maya):
    other = person(consents=False)
    grant(maya)
    grant(other, topic="cart_reminders")
    moved = merge(maya, other, NOON + HOUR)
    separate(maya, other, moved, NOON + 2 * HOUR)
    assert (consent_of(maya), consent_of(maya, topic="cart_reminders")) == ("granted", "")
    assert (consent_of(other), consent_of(other, topic="cart_reminders")) == ("", "granted")


def test_a_withdrawal_made_while_merged_holds_for_both(maya):
    other = person(consents=False)
    grant(other)
    moved = merge(maya, other, NOON + HOUR)
    leave(maya, NOON + 2 * HOUR)
    separate(maya, other, moved, NOON + 3 * HOUR)
    assert (consent_of(maya), consent_of(other)) == ("withdrawn", "withdrawn")


def test_an_export_holds_every_statement_and_is_plain_json(maya):
    grant(maya)
    leave(maya, NOON + HOUR)
    told = json.loads(json.dumps(stage.export(profile_ids=[maya.pk])))
    assert [record["state"] for record in told["records"]] == ["granted", "withdrawn"]
    assert told["records"][0]["occurred_at"] == NOON.isoformat()


def test_an_erasure_forgets_the_words_and_keeps_the_addresses_closed(maya):
    statement = said(address="old@example.com", ip_address="203.0.113.7")
    consent.grant(
        profile_id=maya.pk, channel="email", topic="newsletter", statement=statement, now=NOON
    )
    stage.erase(profile_ids=[maya.pk], now=NOON + HOUR)
    stage.erase(profile_ids=[maya.pk], now=NOON + HOUR)
    assert not ConsentRecord.objects.exists()
    assert not ConsentState.objects.exists()
    assert not OptInRequest.objects.exists()
    asked = [("email", "maya@example.com"), ("email", "old@example.com"), ("sms", "+447700900123")]
    assert set(queries.suppressions(asked).values()) == {("erased",)}


def test_after_an_erasure_the_database_guards_the_records_again(maya):

    other = person(consents=False)
    grant(other)
    stage.erase(profile_ids=[maya.pk], now=NOON)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ConsentRecord.objects.update(state="withdrawn")
