import pytest

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent import queries
from cavaco_plugin.consent.models import Suppression
from tests.consent.sayings import HOUR, NOON, consent_of, said

MAYA = "maya@example.com"


def suppress(reason="complaint", channel="email", address=MAYA):
    return consent.suppress(channel=channel, address=address, reason=reason, now=NOON)


def closed(channel="email", address=MAYA):
    return queries.suppressions([(channel, address)])[channel, address]


def test_a_suppressed_address_is_closed_however_it_is_spelled(maya):
    assert suppress() is not None
    assert closed(address="MAYA@example.com ") == ("complaint",)


def test_the_same_reason_stands_once_and_another_beside_it(maya):
    suppress()
    assert suppress() is None
    suppress("hard_bounce")
    assert closed() == ("complaint", "hard_bounce")
    assert Suppression.objects.count() == 2


def test_a_suppression_is_for_one_channel(maya):
    suppress("carrier_opt_out", "sms", "+447700900123")
    assert closed("sms", "+447700900123") == ("carrier_opt_out",)
    assert closed() == ()


def test_only_the_hash_of_an_address_is_kept(maya):
    suppress()
    assert "maya" not in str(list(Suppression.objects.values()))


def test_no_grant_ever_clears_a_complaint(maya):
    suppress()
    for topic in ("newsletter", "*"):
        consent.grant(
            profile_id=maya.pk, channel="email", topic=topic, statement=said(), now=NOON + HOUR
        )
    consent.choose(
        profile_id=maya.pk,
        choices={("email", "newsletter"): True},
        statement=said(NOON + HOUR),
        now=NOON + HOUR,
    )
    assert consent_of(maya) == "granted"
    assert closed() == ("complaint",)


def test_a_named_human_lifts_a_complaint(maya):
    suppress()
    lifted = consent.lift(
        channel="email", address=MAYA, reason="complaint", by="Ada Byron", now=NOON + HOUR
    )
    assert lifted is True
    assert closed() == ()
    row = Suppression.objects.get()
    assert (row.lifted_by, row.lifted_at) == ("Ada Byron", NOON + HOUR)


def test_a_lifted_complaint_may_come_again(maya):
    suppress()
    consent.lift(channel="email", address=MAYA, reason="complaint", by="Ada Byron", now=NOON)
    assert suppress() is not None
    assert closed() == ("complaint",)


def test_nobody_lifts_without_a_name(maya):
    suppress()
    with pytest.raises(ValueError, match="by: name the person"):
        consent.lift(channel="email", address=MAYA, reason="complaint", by="  ", now=NOON)
    assert closed() == ("complaint",)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"reason": "dislike"}, "reason: 'dislike' is unknown; use one of hard_bounce, complaint"),
        ({"address": " "}, "address: is blank"),
    ],
)
def test_a_wrong_suppression_is_refused_by_name(db, values, problem):
    with pytest.raises(ValueError, match=problem):
        suppress(**values)


def test_one_query_answers_for_a_whole_batch(maya, django_assert_num_queries):
    suppress()
    asked = [("email", f"p{number}@example.com") for number in range(500)] + [("email", MAYA)]
    with django_assert_num_queries(1):
        found = queries.suppressions(asked)
    assert sum(bool(reasons) for reasons in found.values()) == 1
