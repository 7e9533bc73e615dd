"""Public identifiers: what leaves our tables in links, headers and provider metadata."""

import secrets

ALPHABET = "0123456789abcdefghijkmnpqrstuvwxyz"
PUBLIC_ID_LENGTH = 20


def new_public_id() -> str:
    """A random identifier of 20 characters (about 101 bits), safe in URLs and e-mail headers."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))
