"""The plugin's settings in Saleor's dashboard."""

import pytest
from saleor.plugins.models import PluginConfiguration

from cavaco_plugin.channels import configuration as channels
from cavaco_plugin.models import ProviderSettings
from cavaco_plugin.store import port

UPDATE = """
mutation($active: Boolean, $configuration: [ConfigurationItemInput!]) {
  pluginUpdate(id: "cavaco", input: {active: $active, configuration: $configuration}) {
    plugin { globalConfiguration { active configuration { name value } } }
    errors { field message code }
  }
}
"""
PLUGIN = '{ plugin(id: "cavaco") { globalConfiguration { active configuration { name value type helpText label } } } }'
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def owner(staff_api_client, permission_manage_plugins, cavaco):
    staff_api_client.user.user_permissions.add(permission_manage_plugins)
    return staff_api_client


def save(owner, **values):
    items = [{"name": name, "value": value} for name, value in values.items()]
    body = owner.post_graphql(UPDATE, {"active": True, "configuration": items}).json()
    return body["data"]["pluginUpdate"]


def test_it_is_active_before_anybody_saved_anything(owner):
    body = owner.post_graphql(PLUGIN).json()["data"]["plugin"]["globalConfiguration"]
    assert body["active"] is True
    assert all(field["label"] and field["helpText"] for field in body["configuration"])


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("colour", "red", "#1f6f5c"),
        ("sender_email", "nobody", "e-mail address"),
        ("storefront_url", "shop.example", "https://"),
        ("cart_url", "https://shop.example/cart", "{checkout_id}"),
        ("product_url", "https://shop.example/p/{id}", "{slug}"),
        ("time_zone", "Berlin", "Europe/Berlin"),
        ("email_provider", "carrier pigeon", "smtp"),
        ("sms_provider", "pigeon", "twilio"),
        ("sendgrid_api_key", "wrong", "SG."),
        ("twilio_account_sid", "wrong", "AC"),
        ("smtp_port", "many", "587"),
        ("double_opt_in", "pigeon", "email"),
        ("consent_metadata_key", "two words", "spaces"),
    ],
)
def test_a_wrong_value_is_named_at_saving_with_its_remedy(owner, field, value, words):
    answer = save(owner, **{field: value})
    # Saleor writes the names of fields in camel case.
    first, *rest = field.split("_")
    named = first + "".join(word.title() for word in rest)
    errors = [error for error in answer["errors"] if error["field"] == named]
    assert errors, answer["errors"]
    assert words in errors[0]["message"]
    assert errors[0]["code"] == "PLUGIN_MISCONFIGURED"
    assert ProviderSettings.objects.count() == 0


def test_a_secret_is_sealed_by_us_and_only_a_mark_stays_with_saleor(owner):
    answer = save(
        owner,
        sms_provider="twilio",
        twilio_account_sid="AC" + TOKEN,
        twilio_auth_token=TOKEN,
        twilio_from_number="+15005550006",
    )
    assert answer["errors"] == []
    stored = PluginConfiguration.objects.get(identifier="cavaco")
    assert TOKEN not in str(
        [item for item in stored.configuration if item["name"] == "twilio_auth_token"]
    )
    sealed = ProviderSettings.objects.get(channel="sms", provider="twilio").sealed_secrets
    assert set(sealed) == {"auth_token"}
    assert TOKEN not in str(sealed)
    active = channels.active(channel="sms")
    assert active.settings.auth_token.get_secret_value() == TOKEN
    assert active.settings.receipts_url.endswith("/plugins/global/cavaco/receipts/sms/twilio/")


def test_saving_something_else_keeps_the_secret_and_clear_forgets_it(owner):
    save(owner, email_provider="sendgrid", sendgrid_api_key="SG.secret")
    save(owner, sender_name="A shop")
    assert channels.active(channel="email").settings.api_key.get_secret_value() == "SG.secret"
    save(owner, sendgrid_api_key="clear", email_provider="smtp")
    assert ProviderSettings.objects.get(provider="sendgrid").sealed_secrets == {}


def test_the_shop_introduces_itself_as_it_was_told(owner):
    answer = save(
        owner,
        shop_name="Ann's Garden",
        sender_email="hello@garden.example",
        postal_address="1 Garden Way, Leeds",
    )
    assert answer["errors"] == []
    shop = port.current().shop("default-channel")
    assert (shop.name, shop.sender_email, shop.postal_address) == (
        "Ann's Garden",
        "hello@garden.example",
        "1 Garden Way, Leeds",
    )
