from cavaco_plugin.consent import keywords, queries
from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import ConsentRecord, Suppression
from tests.consent.sayings import HOUR, NOON, consent_of, said

NUMBER = "+447700900123"


def stop(hours=1, address=NUMBER):
    return keywords.stop(address=address, statement=said(NOON + hours * HOUR), now=NOON)


def start(hours=2):
    return keywords.start(address=NUMBER, statement=said(NOON + hours * HOUR), now=NOON)


def agree(profile, topic="newsletter"):
    consent.grant(profile_id=profile.pk, channel="sms", topic=topic, statement=said(), now=NOON)


def closed():
    return queries.suppressions([("sms", NUMBER)])["sms", NUMBER]


def test_stop_ends_all_texts_and_calls_and_closes_the_number(maya):
    agree(maya, "*")
    obeyed = stop()
    assert obeyed.reply == "sms_stopped"
    assert {consent_of(maya, "sms", topic) for topic in ("newsletter", "cart_reminders")} == {
        "withdrawn"
    }
    assert consent_of(maya, "voice", "newsletter") == "withdrawn"
    assert closed() == ("carrier_opt_out",)
    assert Suppression.objects.filter(channel="voice").count() == 1


def test_stop_says_nothing_about_mail(maya):
    consent.grant(
        profile_id=maya.pk, channel="email", topic="newsletter", statement=said(), now=NOON
    )
    stop()
    assert consent_of(maya) == "granted"


def test_a_second_stop_gets_no_second_text(maya):
    assert stop().reply == "sms_stopped"
    assert stop(2).reply is None


def test_a_stranger_who_says_stop_is_closed_too(db):
    obeyed = stop(address="+4915112345678")
    assert obeyed.profile_id is None
    found = queries.suppressions([("sms", "+4915112345678")])
    assert set(found.values()) == {("carrier_opt_out",)}
    assert not ConsentRecord.objects.exists()


def test_start_brings_back_what_stop_ended_and_nothing_more(maya):
    agree(maya)
    stop()
    obeyed = start()
    assert obeyed.reply == "sms_started"
    assert [change.data["topic"] for change in obeyed.changes] == ["newsletter"]
    assert consent_of(maya, "sms") == "granted"
    assert consent_of(maya, "sms", "cart_reminders") == "withdrawn"
    assert closed() == ()


def test_start_never_clears_a_complaint(maya):
    agree(maya)
    consent.suppress(channel="sms", address=NUMBER, reason="complaint", now=NOON)
    stop()
    assert start().reply is None
    assert closed() == ("complaint",)


def test_start_from_nowhere_grants_nothing(maya):
    obeyed = start()
    assert (obeyed.reply, obeyed.changes) == (None, ())
    assert consent_of(maya, "sms") == ""


def test_stop_after_start_is_answered_again_under_a_new_key(maya):
    agree(maya)
    first = stop()
    start()
    again = stop(3)
    assert again.reply == "sms_stopped"
    assert again.reply_key != first.reply_key


def test_help_is_answered_each_time_and_changes_nothing(maya):
    one = keywords.ask_for_help(address=NUMBER, statement=said())
    other = keywords.ask_for_help(address=NUMBER, statement=said())
    assert (one.reply, one.profile_id) == ("sms_help", maya.pk)
    assert one.reply_key != other.reply_key
    assert not ConsentRecord.objects.exists()
