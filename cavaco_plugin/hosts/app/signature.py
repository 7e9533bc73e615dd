"""Saleor's signature on a webhook: a detached JWS over the raw body, by the shop's own key."""

import jwt
from jwt import PyJWK, PyJWKSet, api_jws

ALGORITHM = "RS256"


class ForgedDelivery(Exception):
    """The delivery does not carry the shop's signature over these very bytes."""


def verify(*, body: bytes, signature: str, keys: PyJWKSet) -> None:
    """Accept a delivery or refuse it.

    Args:
        body: the bytes as they came; a re-serialised body does not verify.
        signature: the header `Saleor-Signature`, a JWS with an empty payload part.
        keys: the shop's key set.

    Raises:
        ForgedDelivery: no signature, a key the shop does not have, or other bytes.
    """
    if not signature:
        raise ForgedDelivery("The delivery has no Saleor-Signature header.")
    key = _key(keys, _key_id(signature))
    try:
        api_jws.decode(signature, key, algorithms=[ALGORITHM], detached_payload=body)
    except jwt.PyJWTError as error:
        raise ForgedDelivery(f"The signature does not fit the body: {error}") from None


def knows_key(*, signature: str, keys: PyJWKSet) -> bool:
    """Whether the signing key is in the set; if not, the shop may have changed its key.

    Raises:
        ForgedDelivery: the signature can not be read.
    """
    kid = _key_id(signature)
    return any(key.key_id == kid for key in keys.keys)


def _key_id(signature: str) -> str:
    try:
        return str(jwt.get_unverified_header(signature).get("kid") or "")
    except (jwt.PyJWTError, ValueError) as error:
        raise ForgedDelivery(f"Saleor-Signature can not be read: {error}") from None


def _key(keys: PyJWKSet, kid: str) -> PyJWK:
    for key in keys.keys:
        if kid and key.key_id == kid:
            return key
    raise ForgedDelivery("The delivery is signed with a key that the shop does not have.")
