"""Links as messages carry them, and a picture of all that a visit could change."""

from django.apps import apps
from django.core import serializers

from cavaco_plugin.consent import links
from cavaco_plugin.consent import operations as consent
from cavaco_plugin.consent.models import OptInRequest
from cavaco_plugin.profiles.models import Profile
from tests.consent.sayings import said

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


def unsubscribe(profile: Profile, *, channel="email", topic="newsletter", message="") -> str:
    return links.unsubscribe_url(
        doors_url="/", profile=profile.public_id, channel=channel, topic=topic, message=message
    )


def preferences(profile: Profile, *, channel="email") -> str:
    return links.preferences_url(doors_url="/", profile=profile.public_id, channel=channel)


def confirmation(profile: Profile, *, at, topics=("newsletter",)) -> str:
    statement = said(at, address="maya@example.com")
    consent.request_double_opt_in(
        profile_id=profile.pk, channel="email", topics=topics, statement=statement, now=at
    )
    opt_in = OptInRequest.objects.latest("id")
    return links.confirm_url(doors_url="/", opt_in=opt_in.public_id)


def grant(profile: Profile, *, at, channel="email", topic="newsletter") -> None:
    consent.grant(profile_id=profile.pk, channel=channel, topic=topic, statement=said(at), now=at)


def everything() -> str:
    """Every row of every table of ours."""
    models = apps.get_app_config("cavaco").get_models()
    return "\n".join(
        serializers.serialize("jsonl", model.objects.order_by("pk")) for model in models
    )
