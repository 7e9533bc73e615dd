import pytest

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import ConsentRecord, OptInRequest
from cavaco_plugin.consent.topics import MARKETING_TOPICS
from cavaco_plugin.store.changes import ChangeKind, StoreChange
from cavaco_plugin.store.models import ShopSettings
from tests.consent.sayings import DAY, HOUR, NOON, consent_of, said


def declared(profile, value, *, at=NOON, origin="checkout", confirmed="true", **values):
    data = {"origin": origin, "declaration": value}
    if origin == "customer":
        data["is_confirmed"] = confirmed
    return StoreChange(
        kind=ChangeKind.CONSENT_DECLARED,
        key=f"consent_declared:{origin}:1:{at.isoformat()}",
        profile_id=profile.pk,
        at=at,
        data=data,
        **values,
    )


def confirmed(profile, at=NOON + HOUR):
    return StoreChange(
        kind=ChangeKind.CUSTOMER_CONFIRMED,
        key="customer_confirmed:customer:1",
        profile_id=profile.pk,
        at=at,
        data={"is_confirmed": "true"},
    )


def take(*changes, now=NOON):
    return consent.take_declarations(changes=changes, now=now)


def ask_twice(*channels):
    ShopSettings.objects.create(
        values={"consent": {"double_opt_in": list(channels)}}, updated_at=NOON
    )


def test_a_declaration_grants_every_marketing_topic_of_its_channels(maya):
    changes = take(declared(maya, "email,sms"))
    assert [change.kind for change in changes] == ["consent_granted"] * 6
    assert {
        consent_of(maya, channel, topic)
        for channel in ("email", "sms")
        for topic in MARKETING_TOPICS
    } == {"granted"}


def test_the_record_says_where_and_what_was_declared(maya):
    take(declared(maya, "true"))
    record = ConsentRecord.objects.filter(topic="newsletter").get()
    assert (record.source, record.wording, record.occurred_at) == (
        "checkout_metadata",
        "true",
        NOON,
    )
    assert record.address == "maya@example.com"


def test_the_same_declaration_told_again_is_one(maya):
    change = declared(maya, "email")
    assert len(take(change)) == 3
    assert take(change) == []
    assert ConsentRecord.objects.count() == 3


def test_a_person_is_welcomed_once_per_channel_and_topic(maya):
    first = take(declared(maya, "email"))
    take(declared(maya, "none", at=NOON + HOUR))
    again = take(declared(maya, "email", at=NOON + DAY, origin="order"))
    assert [change.key for change in again] == [change.key for change in first]


@pytest.mark.parametrize("refusal", ["none", "false"])
def test_a_refusal_ends_every_channel(maya, refusal):
    take(declared(maya, "email,sms"))
    assert take(declared(maya, refusal, at=NOON + HOUR)) == []
    assert (consent_of(maya), consent_of(maya, "sms")) == ("withdrawn", "withdrawn")


def test_a_later_told_earlier_declaration_changes_nothing(maya):
    take(declared(maya, "none", at=NOON + HOUR))
    assert take(declared(maya, "email", at=NOON)) == []
    assert consent_of(maya) == "withdrawn"


def test_what_is_not_understood_changes_nothing_and_is_logged(maya, caplog):
    assert take(declared(maya, "yes please")) == []
    assert consent_of(maya) == ""
    assert "'yes please' is not understood; write email, sms" in caplog.text


def test_an_unconfirmed_account_waits_until_it_is_confirmed(maya):
    assert take(declared(maya, "email", origin="customer", confirmed="false")) == []
    assert consent_of(maya) == "pending"
    changes = take(confirmed(maya))
    assert {change.data["topic"] for change in changes} == set(MARKETING_TOPICS)
    assert {change.at for change in changes} == {NOON + HOUR}
    assert consent_of(maya) == "granted"


def test_confirming_an_account_that_declared_nothing_grants_nothing(maya):
    assert take(confirmed(maya)) == []
    assert consent_of(maya) == ""


def test_who_withdrew_before_confirming_stays_withdrawn(maya):
    take(declared(maya, "email", origin="customer", confirmed="false"))
    take(declared(maya, "none", at=NOON + HOUR / 2, origin="customer", confirmed="false"))
    take(confirmed(maya))
    assert consent_of(maya) == "withdrawn"


def test_an_account_that_names_fewer_channels_leaves_those_it_named_before(maya):
    take(declared(maya, "email,sms", origin="customer"))
    take(declared(maya, "email", at=NOON + HOUR, origin="customer"))
    assert (consent_of(maya), consent_of(maya, "sms")) == ("granted", "withdrawn")


def test_an_account_does_not_take_back_what_was_said_elsewhere(maya):
    consent.grant(profile_id=maya.pk, channel="sms", topic="newsletter", statement=said(), now=NOON)
    take(declared(maya, "email", at=NOON + HOUR, origin="customer"))
    assert consent_of(maya, "sms") == "granted"


def test_a_double_opt_in_makes_a_declaration_pending_with_one_message(maya):
    ask_twice("email")
    (change,) = take(declared(maya, "email,sms"))[:1]
    assert change.kind == "opt_in_requested"
    assert OptInRequest.objects.get().topics == list(MARKETING_TOPICS)
    assert (consent_of(maya), consent_of(maya, "sms")) == ("pending", "granted")


def test_a_confirmed_account_proves_its_mailbox_and_not_its_phone(maya):
    ask_twice("email", "sms")
    take(declared(maya, "email,sms", origin="customer", confirmed="false"))
    assert not OptInRequest.objects.exists()
    kinds = [change.kind for change in take(confirmed(maya))]
    assert kinds == ["consent_granted"] * 3 + ["opt_in_requested"]
    assert (consent_of(maya), consent_of(maya, "sms")) == ("granted", "pending")


def test_a_backfill_is_marked_and_asks_nobody(maya):
    changes = take(declared(maya, "sms", is_backfill=True))
    assert {change.is_backfill for change in changes} == {True}
    ask_twice("email")
    assert take(declared(maya, "email", at=NOON + HOUR, is_backfill=True)) == []
    assert consent_of(maya) == "pending"


def test_the_shop_says_which_topics_a_declaration_covers(maya):
    ShopSettings.objects.create(
        values={"consent": {"declared_topics": ["newsletter"]}}, updated_at=NOON
    )
    assert [change.data["topic"] for change in take(declared(maya, "email"))] == ["newsletter"]
