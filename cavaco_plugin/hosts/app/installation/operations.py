"""Taking in a Saleor's token and keys."""

from datetime import datetime, timedelta
from typing import Any

from cavaco_plugin.channels.seal import seal, unseal
from cavaco_plugin.hosts.app.installation.models import Installation

BETWEEN_QUESTIONS_FOR_KEYS = timedelta(minutes=1)


class NotInstalled(RuntimeError):
    """No Saleor has installed this app yet: add it in the dashboard from its manifest."""


def install(
    *, api_url: str, domain: str, token: str, app_id: str, jwks: Any, now: datetime
) -> None:
    """Remember a Saleor; a second installation replaces the token of the first."""
    said = {
        "domain": domain,
        "sealed_token": seal(token),
        "app_id": app_id,
        "jwks": jwks,
        "keys_asked_at": now,
        "updated_at": now,
    }
    Installation.objects.update_or_create(
        api_url=api_url, defaults=said, create_defaults={**said, "installed_at": now}
    )


def may_ask_for_keys(*, installation: Installation, now: datetime) -> bool:
    """Whether it is time to; true for one process only, however many ask at once."""
    rows = Installation.objects.filter(
        pk=installation.pk, keys_asked_at__lte=now - BETWEEN_QUESTIONS_FOR_KEYS
    )
    return rows.update(keys_asked_at=now) == 1


def renew_keys(*, installation: Installation, jwks: Any, now: datetime) -> None:
    """The shop signs with another key now."""
    Installation.objects.filter(pk=installation.pk).update(jwks=jwks, updated_at=now)
    installation.jwks = jwks


def current() -> Installation:
    """The Saleor this installation serves.

    Raises:
        NotInstalled: there is none yet.
    """
    found = Installation.objects.order_by("-updated_at").first()
    if found is None:
        raise NotInstalled(NotInstalled.__doc__)
    return found


def token_of(installation: Installation) -> str:
    """The app's token, in the clear; never log it."""
    return unseal(installation.sealed_token)
