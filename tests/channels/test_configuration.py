"""Choosing, saving and reading a channel's provider."""

from datetime import timedelta

import pytest

from cavaco_plugin.channels import configuration
from cavaco_plugin.channels.models import ProviderHealth, ProviderSettings
from cavaco_plugin.channels.registry import PROVIDERS, UnknownProvider
from cavaco_plugin.channels.validation import WrongSettings
from tests.channels.stands import NOW

pytestmark = pytest.mark.django_db
KEY = {"api_key": "SG.stored"}
TWILIO = {"account_sid": "AC" + "0" * 32, "auth_token": "token", "from_number": "+15005550006"}
NOTHING: dict[str, str] = {}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configuration.os, "environ", NOTHING)


def save(channel: str, provider: str, values: dict, **more) -> None:
    configuration.save(channel=channel, provider=provider, values=values, now=NOW, **more)


def choose(channel: str, provider: str) -> None:
    configuration.choose(channel=channel, provider=provider, now=NOW)


def name_of(channel: str, environ: dict[str, str] = NOTHING) -> str | None:
    active = configuration.active(channel=channel, environ=environ)
    return active.provider.name if active else None


def test_without_configuration_mail_goes_by_the_shops_own_server_and_sms_is_off():
    assert name_of("email") == "smtp"
    assert name_of("sms") is None


def test_a_saved_and_chosen_provider_is_active_with_its_secret():
    save("email", "sendgrid", KEY | {"track_opens": False})
    choose("email", "sendgrid")
    active = configuration.active(channel="email")
    assert active.provider.name == "sendgrid"
    assert active.settings.api_key.get_secret_value() == "SG.stored"
    assert active.settings.track_opens is False


def test_saving_alone_chooses_nothing():
    save("sms", "twilio", TWILIO)
    assert name_of("sms") is None


def test_a_secret_is_never_stored_in_the_clear():
    save("sms", "twilio", TWILIO)
    row = ProviderSettings.objects.get()
    assert set(row.values) == {"account_sid", "from_number"}
    assert set(row.sealed_secrets) == {"auth_token"}
    assert "token" not in row.sealed_secrets["auth_token"]


def test_a_secret_left_out_or_empty_stays_and_other_values_are_replaced():
    save("sms", "twilio", TWILIO)
    save(
        "sms",
        "twilio",
        {"account_sid": TWILIO["account_sid"], "auth_token": "", "from_number": "SHOP"},
    )
    save("sms", "twilio", {"account_sid": TWILIO["account_sid"], "from_number": "SHOP"})
    settings = configuration.of_provider(PROVIDERS["sms", "twilio"]).settings
    assert settings.auth_token.get_secret_value() == "token"
    assert settings.from_number == "SHOP"


def test_a_secret_is_forgotten_when_that_is_asked():
    save("email", "sendgrid", KEY)
    save("email", "sendgrid", {}, forget={"api_key"})
    assert ProviderSettings.objects.get().sealed_secrets == {}


def test_an_emptied_value_is_emptied():
    save("email", "smtp", {"host": "smtp.example.org"})
    save("email", "smtp", {})
    assert ProviderSettings.objects.get().values == {}


def test_nothing_given_for_a_provider_nobody_set_up_stores_nothing():
    save("email", "sendgrid", {})
    assert not ProviderSettings.objects.exists()


def test_what_is_missing_may_follow_later_but_shows_when_it_is_needed():
    save("sms", "twilio", {"account_sid": TWILIO["account_sid"]})
    choose("sms", "twilio")
    with pytest.raises(WrongSettings, match="auth_token"):
        configuration.active(channel="sms")


def test_a_wrong_value_is_not_saved():
    with pytest.raises(WrongSettings, match="port"):
        save("email", "smtp", {"port": "many"})
    assert not ProviderSettings.objects.exists()


def test_choosing_another_provider_keeps_the_first_ones_settings():
    save("email", "sendgrid", KEY)
    choose("email", "sendgrid")
    choose("email", "smtp")
    assert name_of("email") == "smtp"
    choose("email", "sendgrid")
    assert name_of("email") == "sendgrid"


def test_an_empty_choice_switches_the_channel_off():
    save("sms", "twilio", TWILIO)
    choose("sms", "twilio")
    choose("sms", "")
    assert name_of("sms") is None


def test_a_provider_nobody_has_cannot_be_chosen():
    with pytest.raises(UnknownProvider):
        choose("sms", "pigeon")


@pytest.mark.parametrize(
    ("channel", "environ", "expected"),
    [
        ("sms", {"CAVACO_TWILIO_ACCOUNT_SID": "AC" + "1" * 32}, None),
        (
            "sms",
            {
                "CAVACO_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
                "CAVACO_TWILIO_AUTH_TOKEN": "t",
                "CAVACO_TWILIO_FROM_NUMBER": "SHOP",
            },
            "twilio",
        ),
        ("email", {"CAVACO_SENDGRID_API_KEY": "SG.env"}, "sendgrid"),
        (
            "email",
            {"CAVACO_EMAIL_PROVIDER": "sendgrid", "CAVACO_SENDGRID_API_KEY": "SG.e"},
            "sendgrid",
        ),
        ("email", {"CAVACO_EMAIL_PROVIDER": "smtp", "CAVACO_SENDGRID_API_KEY": "SG.e"}, "smtp"),
    ],
)
def test_the_environment_alone_is_enough(
    channel: str, environ: dict[str, str], expected: str | None
):
    assert name_of(channel, environ) == expected


def test_the_environment_wins_field_by_field():
    save("email", "sendgrid", KEY | {"connections": 3})
    choose("email", "sendgrid")
    active = configuration.active(channel="email", environ={"CAVACO_SENDGRID_API_KEY": "SG.env"})
    assert active.settings.api_key.get_secret_value() == "SG.env"
    assert active.settings.connections == 3


def test_the_choice_in_the_environment_wins_over_the_stored_one():
    save("email", "sendgrid", KEY)
    choose("email", "sendgrid")
    assert name_of("email", {"CAVACO_EMAIL_PROVIDER": "smtp"}) == "smtp"


def test_saving_starts_a_stopped_provider_anew():
    ProviderHealth.objects.create(
        channel="email",
        provider="sendgrid",
        state="stopped",
        failures=9,
        stopped_reason="wrong_credentials",
        updated_at=NOW - timedelta(days=1),
    )
    save("email", "sendgrid", KEY)
    health = ProviderHealth.objects.get()
    assert (health.state, health.failures, health.stopped_reason) == ("closed", 0, "")


def test_values_about_to_be_saved_are_judged_with_the_secrets_we_hold():
    save("sms", "twilio", TWILIO)
    values = {"account_sid": TWILIO["account_sid"], "from_number": "SHOP"}
    assert configuration.errors_in(channel="sms", provider="twilio", values=values) == []


def test_values_about_to_be_saved_are_named_when_wrong_or_missing():
    errors = configuration.errors_in(
        channel="sms", provider="twilio", values={"account_sid": "AC1"}
    )
    assert [field for field, _ in errors] == ["account_sid", "auth_token"]
    assert "begins with AC" in errors[0][1]


def test_a_provider_that_is_not_set_up_is_no_error():
    assert configuration.errors_in(channel="sms", provider="twilio", values={}) == []


def test_a_choice_is_judged_by_name():
    assert configuration.errors_in_choice(channel="sms", provider="") == []
    assert configuration.errors_in_choice(channel="sms", provider="twilio") == []
    [(field, message)] = configuration.errors_in_choice(channel="sms", provider="pigeon")
    assert (field, "twilio" in message) == ("provider", True)
