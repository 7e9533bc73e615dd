"""Signed links to our own pages. Making one costs a few microseconds: each message carries several.

A token reads `1u<profile>.<channel>.<message>.<topic>.<signature>`: a version, the purpose, public
ids and no address of anybody. It has no end and works as often as it is used, for whoever holds an
old message must still be able to unsubscribe. Only an opt-in expires, by its own row.
"""

import base64
import hmac
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.conf import settings

from cavaco_plugin.consent.topics import EVERY_TOPIC

VERSION = "1"
SIGNATURE_BYTES = 12
# Plain-text mail readers end a link at an asterisk.
_EVERY_TOPIC_IN_LINK = "-"


class Purpose(StrEnum):
    """What a token is good for; a token of one purpose opens no other page."""

    UNSUBSCRIBE = "u"
    PREFERENCES = "p"
    CONFIRM = "c"


class InvalidLink(ValueError):
    """The link was not made by this shop, or was cut off or altered on its way."""


@dataclass(frozen=True, slots=True)
class LinkClaims:
    """What a link says. `subject` is the profile's public id, or the opt-in's for a confirmation."""

    purpose: Purpose
    subject: str
    channel: str = ""
    message: str = ""
    topic: str = ""


def unsubscribe_url(
    *, doors_url: str, profile: str, channel: str, topic: str, message: str = ""
) -> str:
    """Where a person leaves one topic on one channel: for the List-Unsubscribe header too."""
    return f"{doors_url}unsubscribe/{_token('u', profile, channel, message, topic)}"


def preferences_url(*, doors_url: str, profile: str, channel: str = "", message: str = "") -> str:
    """Where a person sees and changes everything they allowed."""
    return f"{doors_url}preferences/{_token('p', profile, channel, message, '')}"


def confirm_url(*, doors_url: str, opt_in: str) -> str:
    """Where a person confirms an opt-in; `opt_in` is the public id of the OptInRequest."""
    return f"{doors_url}confirm/{_token('c', opt_in, '', '', '')}"


def read(token: str, purpose: Purpose) -> LinkClaims:
    """What a token says.

    Raises:
        InvalidLink: wrong signature, version, form or purpose.
    """
    body, _, signature = token.rpartition(".")
    parts = body[2:].split(".", 3)
    if body[:2] != VERSION + purpose or len(parts) != 4 or not _is_signed(body, signature):
        raise InvalidLink(InvalidLink.__doc__)
    subject, channel, message, topic = parts
    topic = EVERY_TOPIC if topic == _EVERY_TOPIC_IN_LINK else topic
    return LinkClaims(purpose, subject, channel, message, topic)


def _token(purpose: str, subject: str, channel: str, message: str, topic: str) -> str:
    topic = _EVERY_TOPIC_IN_LINK if topic == EVERY_TOPIC else topic
    body = f"{VERSION}{purpose}{subject}.{channel}.{message}.{topic}"
    return f"{body}.{_signature(_key(settings.SECRET_KEY), body)}"


def _is_signed(body: str, signature: str) -> bool:
    """Whether one of the shop's keys signed `body`; retired keys still count for old messages."""
    if not (body.isascii() and signature.isascii()):
        return False
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(signature, _signature(_key(s), body)) for s in secrets)


def _signature(key: bytes, body: str) -> str:
    digest = hmac.digest(key, body.encode(), "sha256")[:SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"cavaco.consent.links", "sha256")
