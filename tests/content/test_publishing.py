"""Versions: immutable, numbered, and the merchant's before ours."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cavaco_plugin.content import operations
from cavaco_plugin.content.catalogue import shipped
from cavaco_plugin.content.errors import TemplateInvalid
from cavaco_plugin.content.models import Template, TemplateVersion
from cavaco_plugin.content.operations import ensure_library, publish_template
from cavaco_plugin.content.queries import active_version, active_versions, channels, compiled

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)
OWN = {"strings": {"en": {"body": "our own words: {{ cart.url }}"}}}
# A few of the library: installing all of it takes seconds, and one test does.
FEW = tuple(
    entry
    for entry in shipped()
    if entry.key in {"cart_reminder_sms", "welcome_1", "welcome_sms", "sms_help"}
)


@pytest.fixture(autouse=True)
def small_library(monkeypatch):
    monkeypatch.setattr(operations, "shipped", lambda: FEW)


def release(monkeypatch, key, text):
    """As if a new release of the product worded the English of `key` anew."""
    entries = tuple(
        replace(entry, source={"strings": {"en": {"body": text}}}) if entry.key == key else entry
        for entry in FEW
    )
    monkeypatch.setattr(operations, "shipped", lambda: entries)


def test_the_library_is_installed_once(monkeypatch):
    monkeypatch.setattr(operations, "shipped", shipped)
    keys = [entry.key for entry in shipped()]
    assert ensure_library(now=NOW) == keys
    assert ensure_library(now=LATER) == []
    assert TemplateVersion.objects.count() == len(keys)
    template = Template.objects.get(key="cart_reminder_1")
    assert (template.channel, template.topic, template.purpose) == (
        "email",
        "cart_reminders",
        "marketing",
    )
    assert template.active_version.published_at == NOW
    assert template.is_shipped


def test_a_release_brings_an_unedited_template_up_to_date(monkeypatch):
    ensure_library(now=NOW)
    release(monkeypatch, "cart_reminder_sms", "a better text: {{ cart.url }}")
    assert ensure_library(now=LATER) == ["cart_reminder_sms"]
    version = active_version("cart_reminder_sms")
    assert version.number == 2
    assert version.compiled["languages"]["en"]["body"].startswith("{{ shop.name }}: a better text")


def test_a_release_leaves_a_merchants_words_alone(monkeypatch):
    ensure_library(now=NOW)
    mine = publish_template(key="cart_reminder_sms", source=OWN, now=NOW)
    release(monkeypatch, "cart_reminder_sms", "a better text: {{ cart.url }}")
    assert ensure_library(now=LATER) == []
    assert active_version("cart_reminder_sms") == mine


def test_an_edit_makes_the_next_version_and_keeps_the_last_one():
    ensure_library(now=NOW)
    before = active_version("cart_reminder_sms")
    after = publish_template(key="cart_reminder_sms", source=OWN, now=LATER)
    assert (before.number, after.number) == (1, 2)
    assert active_version("cart_reminder_sms") == after
    before.refresh_from_db()
    assert before.compiled["languages"].keys() == {"en", "de", "fr", "es", "pl"}


def test_publishing_the_same_again_changes_nothing():
    ensure_library(now=NOW)
    first = publish_template(key="cart_reminder_sms", source=OWN, now=NOW)
    assert publish_template(key="cart_reminder_sms", source=OWN, now=LATER) == first
    assert Template.objects.get(key="cart_reminder_sms").versions.count() == 2


def test_publishing_what_is_shipped_keeps_it_ours():
    ensure_library(now=NOW)
    source = active_version("welcome_sms").source
    publish_template(key="welcome_sms", source=source, now=LATER)
    assert Template.objects.get(key="welcome_sms").is_shipped


def test_a_bad_template_leaves_everything_as_it_was():
    ensure_library(now=NOW)
    before = active_version("cart_reminder_sms")
    with pytest.raises(TemplateInvalid) as caught:
        publish_template(
            key="cart_reminder_sms",
            source={"strings": {"en": {"body": "{{ cart.ulr }}"}}},
            now=LATER,
        )
    assert caught.value.field == "strings.en.body"
    assert active_version("cart_reminder_sms") == before
    assert Template.objects.get(key="cart_reminder_sms").is_shipped


@pytest.mark.parametrize("source", [None, [], "text", {}, {"strings": 5}])
def test_a_source_of_the_wrong_kind_is_refused(source):
    ensure_library(now=NOW)
    with pytest.raises(TemplateInvalid):
        publish_template(key="cart_reminder_sms", source=source, now=LATER)


def test_advertising_in_a_transactional_template_is_refused():
    ensure_library(now=NOW)
    with pytest.raises(TemplateInvalid) as caught:
        publish_template(
            key="sms_help",
            source={"strings": {"en": {"body": "Help? Take our 10% voucher"}}},
            now=LATER,
        )
    assert (caught.value.field, caught.value.code) == (
        "strings.en.body",
        "promotion_in_transactional",
    )


def test_an_unknown_key_is_refused_with_those_there_are():
    ensure_library(now=NOW)
    with pytest.raises(
        TemplateInvalid, match="cart_reminder_sms, sms_help, welcome_1, welcome_sms"
    ):
        publish_template(key="cart_reminder_9", source=OWN, now=NOW)


def test_compiled_forms_come_in_one_query(django_assert_num_queries):
    ensure_library(now=NOW)
    with django_assert_num_queries(1):
        versions = active_versions(["welcome_1", "welcome_sms", "nothing"])
    assert sorted(versions) == ["welcome_1", "welcome_sms"]
    with django_assert_num_queries(1):
        forms = compiled([version.pk for version in versions.values()])
    assert {form["channel"] for form in forms.values()} == {"email", "sms"}


def test_the_channels_of_all_templates_are_known():
    assert channels() == {}
    assert active_version("welcome_1") is None
    ensure_library(now=NOW)
    assert channels() == {entry.key: entry.channel for entry in FEW}
