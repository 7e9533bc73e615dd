"""Secrets at rest: sealed with a key made from the host's SECRET_KEY."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"cavaco provider secrets"


class BrokenSeal(ValueError):
    """A sealed secret that the keys of this installation do not open."""


def seal(secret: str) -> str:
    """The secret, unreadable without SECRET_KEY."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Keys in SECRET_KEY_FALLBACKS open it too."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BrokenSeal(
            "A stored secret cannot be opened: SECRET_KEY has changed since it was saved. Put the former key "
            "into SECRET_KEY_FALLBACKS, or enter the secret again."
        ) from None


def _box() -> MultiFernet:
    return _box_of((settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", ())))


@lru_cache(maxsize=4)
def _box_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key)) for key in keys])


def _derive(key: str | bytes) -> bytes:
    material = key if isinstance(key, bytes) else key.encode()
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(material)
    return base64.urlsafe_b64encode(derived)
