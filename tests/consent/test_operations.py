import pytest
from django.db import DatabaseError, transaction

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import ConsentRecord, ConsentState
from cavaco_plugin.consent.topics import LANGUAGES, MARKETING_TOPICS, TOPICS
from cavaco_plugin.content.catalogue import shipped
from tests.consent.sayings import HOUR, NOON, consent_of, said


def grant(profile, topic="newsletter", channel="email", statement=None, **values):
    return consent.grant(
        profile_id=profile.pk,
        channel=channel,
        topic=topic,
        statement=statement or said(),
        now=NOON,
        **values,
    )


def withdraw(profile, at=NOON + HOUR, **values):
    return consent.withdraw(profile_id=profile.pk, statement=said(at), now=NOON, **values)


def test_a_grant_is_recorded_with_everything_that_proves_it(maya):
    statement = said(
        source="preference_page",
        address="maya@example.com",
        wording="News and offers",
        wording_version="en",
        ip_address="203.0.113.7",
        proof={"message": "m1"},
    )
    grant(maya, statement=statement)
    record = ConsentRecord.objects.get()
    assert (record.state, record.channel, record.topic) == ("granted", "email", "newsletter")
    assert (record.source, record.address) == ("preference_page", "maya@example.com")
    assert (record.wording, record.wording_version) == ("News and offers", "en")
    assert (record.ip_address, record.proof) == ("203.0.113.7", {"message": "m1"})
    assert (record.occurred_at, record.recorded_at) == (NOON, NOON)
    assert consent_of(maya) == "granted"


def test_a_grant_is_a_fact_for_flows_named_once_per_person_channel_and_topic(maya):
    (change,) = grant(maya)
    assert change.kind == "consent_granted"
    assert change.key == f"consent:{maya.pk}:email:newsletter"
    assert change.data == {"channel": "email", "topic": "newsletter", "source": "test"}
    assert grant(maya) == []


def test_a_grant_after_a_withdrawal_is_news_with_the_same_key(maya):
    (first,) = grant(maya)
    withdraw(maya)
    (again,) = grant(maya, statement=said(NOON + 2 * HOUR))
    assert again.key == first.key


def test_a_grant_of_every_topic_grants_each_marketing_topic(maya):
    assert [change.data["topic"] for change in grant(maya, topic="*")] == list(MARKETING_TOPICS)
    assert consent_of(maya, topic="after_purchase") == "granted"


@pytest.mark.parametrize("topic", ["service", "no_such_topic", ""])
def test_a_grant_of_what_needs_no_consent_is_refused_by_name(maya, topic):
    with pytest.raises(ValueError, match=r"topic: .* use one of newsletter, cart_reminders"):
        grant(maya, topic=topic)


def test_the_same_act_told_twice_is_recorded_once(maya):
    statement = said(key="one act")
    grant(maya, statement=statement)
    grant(maya, statement=statement)
    assert ConsentRecord.objects.count() == 1


def test_an_older_statement_is_recorded_and_changes_nothing(maya):
    withdraw(maya, at=NOON, channel="email", topic="newsletter")
    assert grant(maya, statement=said(NOON - HOUR)) == []
    assert consent_of(maya) == "withdrawn"
    assert ConsentRecord.objects.count() == 2


def test_a_withdrawal_of_one_topic_leaves_the_others(maya):
    grant(maya, topic="*")
    assert withdraw(maya, channel="email", topic="newsletter") is True
    assert consent_of(maya) == "withdrawn"
    assert consent_of(maya, topic="cart_reminders") == "granted"


def test_a_withdrawal_of_a_channel_leaves_the_other_channel(maya):
    grant(maya)
    grant(maya, channel="sms")
    withdraw(maya, channel="email")
    assert (consent_of(maya), consent_of(maya, channel="sms")) == ("withdrawn", "granted")


def test_a_withdrawal_of_everything_covers_every_channel_ever_spoken_of(maya):
    grant(maya)
    grant(maya, channel="voice")
    withdraw(maya)
    assert {consent_of(maya, channel=each) for each in ("email", "sms", "voice")} == {"withdrawn"}


def test_withdrawing_twice_is_one_record_and_granting_between_makes_it_two(maya):
    grant(maya)
    assert withdraw(maya, at=NOON + HOUR, channel="email", topic="newsletter") is True
    assert withdraw(maya, at=NOON + 2 * HOUR, channel="email", topic="newsletter") is False
    grant(maya, statement=said(NOON + 3 * HOUR))
    assert withdraw(maya, at=NOON + 4 * HOUR, channel="email", topic="newsletter") is True
    assert ConsentRecord.objects.filter(state="withdrawn").count() == 2


def test_a_page_of_choices_records_only_what_differs(maya):
    grant(maya)
    changes = consent.choose(
        profile_id=maya.pk,
        choices={
            ("email", "newsletter"): True,
            ("email", "cart_reminders"): True,
            ("sms", "newsletter"): False,
        },
        statement=said(NOON + HOUR),
        now=NOON,
    )
    assert [change.key for change in changes] == [f"consent:{maya.pk}:email:cart_reminders"]
    assert ConsentRecord.objects.count() == 2


def test_unticking_a_topic_ends_it_in_every_sales_channel(maya):
    grant(maya, sales_channel="uk")
    choices = {("email", "newsletter"): False}
    consent.choose(profile_id=maya.pk, choices=choices, statement=said(NOON + HOUR), now=NOON)
    assert consent_of(maya, sales_channel="uk") == "withdrawn"


def test_a_word_to_a_merged_profile_counts_for_the_one_that_took_it_over(maya):
    from tests.outbox.makers import person

    winner = person(consents=False)
    maya.merged_into = winner
    maya.save()
    grant(maya)
    assert consent_of(winner) == "granted"


@pytest.mark.parametrize(
    "slip",
    [
        lambda: ConsentRecord.objects.update(state="granted"),
        lambda: ConsentRecord.objects.all()._raw_delete("default"),
        lambda: ConsentRecord.objects.first().delete(),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_record(maya, slip):
    withdraw(maya)
    ConsentState.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        slip()
    assert ConsentRecord.objects.filter(state="withdrawn").count() == 2


def test_every_topic_has_a_name_in_five_languages():
    for topic in TOPICS.values():
        assert set(topic.names) == set(LANGUAGES)
    assert TOPICS["newsletter"].name("de-AT") == "Neuigkeiten und Angebote"
    assert TOPICS["newsletter"].name("ja") == "News and offers"


def test_every_shipped_template_is_about_a_topic_people_can_choose():
    assert {template.topic for template in shipped()} <= set(TOPICS)
    for template in shipped():
        assert template.purpose == TOPICS[template.topic].purpose, template.key
