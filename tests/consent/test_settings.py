import pytest

from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent import queries
from cavaco_plugin.consent.settings import InvalidConsentSettings
from cavaco_plugin.consent.topics import MARKETING_TOPICS
from cavaco_plugin.store.models import ShopSettings
from tests.consent.sayings import NOON

pytestmark = pytest.mark.django_db


def save(sales_channel="", **values):
    return consent.save_settings(values=values, sales_channel=sales_channel, now=NOON)


def test_a_shop_that_says_nothing_asks_once_for_everything():
    found = queries.settings_for("uk")
    assert (found.double_opt_in, found.declared_topics, found.opt_in_days) == (
        frozenset(),
        MARKETING_TOPICS,
        7,
    )


def test_a_sales_channel_overlays_the_default():
    save(double_opt_in=["email"], opt_in_days=3)
    save("de", double_opt_in=["email", "sms"])
    assert queries.settings_for("uk").double_opt_in == {"email"}
    assert queries.settings_for("de").double_opt_in == {"email", "sms"}
    assert queries.settings_for("de").opt_in_days == 3


def test_what_other_stages_keep_in_the_row_stays():
    ShopSettings.objects.create(values={"identity": {"name": "Alder"}}, updated_at=NOON)
    save(double_opt_in=["sms"])
    assert ShopSettings.objects.get().values == {
        "identity": {"name": "Alder"},
        "consent": {"double_opt_in": ["sms"]},
    }


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"double_opt_in": ["fax"]}, "double_opt_in", "'fax' is unknown. Use email, sms."),
        ({"double_opt_in": "email"}, "double_opt_in", "Input should be a valid frozenset"),
        ({"declared_topics": []}, "declared_topics", "should have at least 1 item"),
        (
            {"declared_topics": ["service"]},
            "declared_topics",
            "'service' is unknown. Use newsletter",
        ),
        ({"opt_in_days": 0}, "opt_in_days", "greater than or equal to 1"),
        ({"opt_in_days": 61}, "opt_in_days", "less than or equal to 60"),
        ({"opt_in_days": "7"}, "opt_in_days", "valid integer"),
        ({"doubleOptIn": []}, "doubleOptIn", "is not known. Use one of double_opt_in, declared"),
    ],
)
def test_a_wrong_setting_is_named_with_the_remedy_and_not_kept(values, field, problem):
    with pytest.raises(InvalidConsentSettings) as refused:
        save(**values)
    assert problem in refused.value.errors[field]
    assert not ShopSettings.objects.exists()
