"""The salted hash under which an address is suppressed, kept even past an erasure."""

import hmac
import os
from functools import lru_cache

from django.conf import settings

from cavaco_plugin.store.addresses import normalise_email


def address_hash(channel: str, address: str) -> str:
    """The hash of `address` on `channel`; one address spelled in two ways has one hash.

    Every channel that reaches a phone shares the hash of the number, so that one look-up answers
    for all of them. The salt is `CAVACO_ADDRESS_KEY`, or `SECRET_KEY` where that is not set. Keep
    the old value there before you change `SECRET_KEY`: a new salt would forget every suppression.
    """
    text = same_spelling(channel, address)
    return hmac.digest(_salt(settings.SECRET_KEY), text.encode(), "sha256").hex()


def same_spelling(channel: str, address: str) -> str:
    """`address` in the one spelling it is hashed in."""
    if channel == "email":
        return "email:" + (normalise_email(address) or address.strip().casefold())
    return "phone:" + "".join(sign for sign in address if sign.isdigit() or sign == "+")


@lru_cache(maxsize=4)
def _salt(secret_key: str) -> bytes:
    secret = os.environ.get("CAVACO_ADDRESS_KEY") or secret_key
    return hmac.digest(secret.encode(), b"cavaco.consent.addresses", "sha256")
