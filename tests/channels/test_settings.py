"""Settings: what is refused and how it is said; sealing; the registry."""

import string
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.channels import registry, seal
from cavaco_plugin.channels.contract import CHANNELS
from cavaco_plugin.channels.registry import PROVIDERS, UnknownProvider, find_provider, providers_of
from cavaco_plugin.channels.validation import (
    WrongSettings,
    findings_in,
    from_environment,
    sentence,
    validated,
    variable,
)
from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer
from tests.channels.conftest import STANDS

GOOD = {
    "smtp": {"host": "smtp.example.org", "username": "shop", "password": "secret"},
    "sendgrid": {"api_key": "SG.key"},
    "twilio": {
        "account_sid": "AC" + "0" * 32,
        "auth_token": "secret",
        "from_number": "+15005550006",
    },
}
BY_NAME = {provider.name: provider for provider in PROVIDERS.values()}


@pytest.mark.parametrize("name", list(GOOD))
def test_good_settings_have_no_findings(name: str):
    assert findings_in(BY_NAME[name], GOOD[name]) == []


@pytest.mark.parametrize(
    ("name", "changes", "field", "said"),
    [
        ("smtp", {"host": "https://smtp.example.org"}, "host", "bare name of the server"),
        ("smtp", {"host": "shop@example.org"}, "host", "bare name of the server"),
        ("smtp", {"port": 0}, "port", "587 with starttls"),
        ("smtp", {"port": 70000}, "port", "587 with starttls"),
        ("smtp", {"port": "smtp"}, "port", "587 with starttls"),
        ("smtp", {"security": "ssl"}, "security", "starttls, tls or none"),
        ("smtp", {"connections": 0}, "connections", "1 to 100"),
        ("smtp", {"timeout_seconds": 31}, "timeout_seconds", "up to 30"),
        ("smtp", {"timeout_seconds": "soon"}, "timeout_seconds", "up to 30"),
        ("smtp", {"password": ""}, "", "username and password"),
        ("smtp", {"username": ""}, "", "username and password"),
        ("smtp", {"pasword": "x"}, "pasword", "no such setting"),
        ("sendgrid", {"api_key": "key"}, "api_key", "begins with SG."),
        ("sendgrid", {"api_key": ""}, "api_key", "begins with SG."),
        ("sendgrid", {"api_key": 5}, "api_key", "API Keys"),
        ("sendgrid", {"webhook_public_key": "hello"}, "webhook_public_key", "verification key"),
        ("sendgrid", {"api_url": "http://api.sendgrid.com"}, "api_url", "https://api.sendgrid.com"),
        ("sendgrid", {"api_url": "https://me:you@x.org"}, "api_url", "https://api.sendgrid.com"),
        ("sendgrid", {"api_url": "sendgrid"}, "api_url", "https://api.sendgrid.com"),
        ("sendgrid", {"sandbox": "perhaps"}, "sandbox", "Choose true or false"),
        ("sendgrid", {"connections": 1000}, "connections", "1 to 500"),
        ("twilio", {"account_sid": "SK" + "0" * 32}, "account_sid", "begins with AC"),
        ("twilio", {"account_sid": "AC12"}, "account_sid", "begins with AC"),
        ("twilio", {"auth_token": ""}, "auth_token", "Auth Token"),
        ("twilio", {"messaging_service_sid": "AC12"}, "messaging_service_sid", "begins with MG"),
        ("twilio", {"from_number": "+0123456"}, "from_number", "+15551234567"),
        ("twilio", {"from_number": "A name too long"}, "from_number", "+15551234567"),
        ("twilio", {"from_number": ""}, "", "messages need a sender"),
        ("twilio", {"receipts_url": "http://shop.example.org/"}, "receipts_url", "with https"),
        ("twilio", {"receipts_url": "shop"}, "receipts_url", "with https"),
        ("twilio", {"prices": {"Germany": "0.1"}}, "prices", "two-letter country codes"),
        ("twilio", {"prices": {"DE": "-1"}}, "prices", "two-letter country codes"),
        ("twilio", {"prices": {"DE": "NaN"}}, "prices", "two-letter country codes"),
        ("twilio", {"prices": "cheap"}, "prices", "two-letter country codes"),
        ("twilio", {"price_currency": "euro"}, "price_currency", "three-letter"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(name: str, changes: dict, field: str, said: str):
    findings = findings_in(BY_NAME[name], GOOD[name] | changes)
    assert [finding.field for finding in findings] == [field]
    assert said in sentence(findings[0])
    assert field in findings[0].message


@pytest.mark.parametrize(
    ("name", "missing"), [("sendgrid", {"api_key"}), ("twilio", {"account_sid", "auth_token"})]
)
def test_what_is_missing_is_named(name: str, missing: set[str]):
    findings = findings_in(BY_NAME[name], {})
    assert {finding.field for finding in findings} == missing
    assert {finding.code for finding in findings} == {"missing"}


@given(secret=st.text(string.ascii_letters, min_size=12, max_size=40))
def test_an_error_never_repeats_a_secret(secret: str):
    for name, field in (("sendgrid", "api_key"), ("twilio", "account_sid"), ("smtp", "port")):
        with pytest.raises(WrongSettings) as caught:
            validated(BY_NAME[name], GOOD[name] | {field: f"wrong-{secret}"})
        assert secret not in f"{caught.value} {caught.value.findings} {caught.value!r}"


def test_the_public_key_that_sendgrid_shows_is_taken():
    key = SendGridServer().webhook_public_key
    assert findings_in(BY_NAME["sendgrid"], {"api_key": "SG.x", "webhook_public_key": key}) == []


def test_the_environment_gives_values_their_types():
    environ = {
        "CAVACO_TWILIO_AUTH_TOKEN": "t",
        "CAVACO_TWILIO_PRICES": '{"DE": "0.05"}',
        "CAVACO_TWILIO_CONNECTIONS": "7",
        "CAVACO_TWILIO_FROM_NUMBER": "",
        "CAVACO_SENDGRID_API_KEY": "SG.other",
    }
    values = from_environment(BY_NAME["twilio"], environ)
    assert values == {"auth_token": "t", "prices": {"DE": "0.05"}, "connections": "7"}
    assert validated(BY_NAME["twilio"], GOOD["twilio"] | values).connections == 7


def test_a_mapping_in_the_environment_that_is_no_json_is_named():
    with pytest.raises(WrongSettings, match="CAVACO_TWILIO_PRICES: it is not JSON"):
        from_environment(BY_NAME["twilio"], {"CAVACO_TWILIO_PRICES": "DE=1"})


def test_variables_are_named_after_provider_and_field():
    assert variable(BY_NAME["sendgrid"], "api_key") == "CAVACO_SENDGRID_API_KEY"


def test_the_registry_knows_every_provider_there_is_a_folder_of():
    folder = Path(registry.__file__).parent
    found = {path.parent.relative_to(folder) for path in folder.glob("*/*/transport.py")}
    assert sorted(registry.FOLDERS) == sorted(".".join(path.parts) for path in found)
    assert [".".join(key) for key in PROVIDERS] == registry.FOLDERS
    assert {provider.channel for provider in PROVIDERS.values()} == set(CHANNELS)
    assert [provider.name for provider in providers_of("email")] == ["smtp", "sendgrid"]


def test_every_provider_is_in_these_tests():
    assert set(GOOD) == set(BY_NAME) == set(STANDS)


def test_the_registry_loads_no_sdk():
    loaded = "import sys; import cavaco_plugin.channels.registry; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", loaded], text=True).split()
    assert "cavaco_plugin.channels.sms.twilio.transport" in modules
    assert not {"twilio", "sendgrid", "python_http_client", "aiosmtpd"} & set(modules)


@pytest.mark.parametrize(
    ("channel", "name", "said"),
    [
        ("email", "mailgun", "Choose one of: .*sendgrid"),
        ("sms", "smtp", "Choose one of: .*twilio"),
        ("pigeon", "smtp", "Choose one of: none."),
    ],
)
def test_a_provider_nobody_has_is_named_with_those_there_are(channel: str, name: str, said: str):
    with pytest.raises(UnknownProvider, match=said):
        find_provider(channel=channel, name=name)


@given(st.text(st.characters(codec="utf-8")))
def test_a_sealed_secret_opens_again_and_does_not_show(secret: str):
    sealed = seal.seal(secret)
    assert seal.unseal(sealed) == secret
    assert len(secret) < 4 or secret not in sealed


def test_the_same_secret_is_never_sealed_twice_alike():
    assert seal.seal("secret") != seal.seal("secret")


def test_a_former_key_still_opens_and_a_lost_one_says_so(settings):
    settings.SECRET_KEY = "former" * 10
    sealed = seal.seal("secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["former" * 10]
    assert seal.unseal(sealed) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(seal.BrokenSeal, match="SECRET_KEY_FALLBACKS"):
        seal.unseal(sealed)


@pytest.mark.parametrize(
    "sealed",
    ["", "hello", "gAAAAA", Fernet(Fernet.generate_key()).encrypt(b"x").decode()],
    ids=["empty", "a word", "cut off", "another key"],
)
def test_what_was_never_sealed_here_does_not_open(sealed: str):
    with pytest.raises(seal.BrokenSeal):
        seal.unseal(sealed)
