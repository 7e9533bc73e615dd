"""Who asks our own GraphQL: whoever the shop says the token belongs to."""

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from jwt import PyJWKSet

from cavaco_plugin.api.access import MANAGE_MESSAGING, MANAGE_USERS
from cavaco_plugin.hosts.app import map_payloads, saleor_api
from cavaco_plugin.hosts.app.installation import operations as installations
from cavaco_plugin.hosts.app.installation.models import Installation

# How long an answer of the shop about a token is believed; a withdrawn right lives no longer.
BELIEVED_SECONDS = 60.0
MOST_BELIEVED = 1000
LONGEST_TOKEN = 8000
# The shop has no permission of ours: who may see customers and their orders may manage messaging.
STANDS_FOR = {MANAGE_MESSAGING: "MANAGE_USERS", MANAGE_USERS: "MANAGE_USERS"}


@dataclass(frozen=True, slots=True)
class AppRequester:
    """A staff member or an app of the shop; by default nobody."""

    user_id: str = ""
    name: str = ""
    codes: frozenset[str] = field(default_factory=frozenset)

    def has(self, permission: str) -> bool:
        """By the shop's permissions."""
        return STANDS_FOR.get(permission, permission) in self.codes


NOBODY = AppRequester()
_believed: dict[str, tuple[float, AppRequester]] = {}


def requester_of(context: Any) -> AppRequester:
    """Verified by the shop's own key, and by the shop itself."""
    token = _token(context)
    if not token or len(token) > LONGEST_TOKEN:
        return NOBODY
    digest = hashlib.sha256(token.encode()).hexdigest()
    until, known = _believed.get(digest, (0.0, NOBODY))
    if until > time.monotonic():
        return known
    try:
        found = _ask(token, installations.current())
    except saleor_api.SaleorRefused:
        found = NOBODY
    except (installations.NotInstalled, saleor_api.SaleorUnreachable):
        return NOBODY
    if len(_believed) >= MOST_BELIEVED:
        _believed.clear()
    _believed[digest] = (time.monotonic() + BELIEVED_SECONDS, found)
    return found


def _token(context: Any) -> str:
    header = context.headers.get("Authorization-Bearer", "")
    if header:
        return str(header)
    scheme, _, token = context.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() in ("bearer", "jwt") else ""


def _ask(token: str, shop: Installation) -> AppRequester:
    """A JWT must carry the shop's signature; an app's opaque token only the shop can know."""
    if token.count(".") == 2:
        claims = _claims(token, shop)
        return NOBODY if claims is None else _staff(token, shop, claims.get("permissions"))
    app = _answer("own_app", token, shop).get("app")
    return AppRequester("", app["name"], _codes(app["permissions"])) if app else NOBODY


def _staff(token: str, shop: Installation, narrowed: list[str] | None) -> AppRequester:
    """A dashboard extension's token holds less than the person behind it."""
    user = _answer("signed_in_user", token, shop).get("me")
    if not user or not user["isStaff"]:
        return NOBODY
    codes = _codes(user["userPermissions"])
    if narrowed is not None:
        codes &= {str(code).upper() for code in narrowed}
    return AppRequester(map_payloads.key_of(user["id"]), user["email"], codes)


def _answer(document: str, token: str, shop: Installation) -> dict[str, Any]:
    query = saleor_api.document(document)
    return saleor_api.ask(api_url=shop.api_url, token=token, query=query, variables={})


def _codes(permissions: list[dict[str, str]] | None) -> frozenset[str]:
    return frozenset(permission["code"] for permission in permissions or ())


def _claims(token: str, shop: Installation) -> dict[str, Any] | None:
    """What a JWT says, if the shop signed it and it has not expired."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        for key in PyJWKSet.from_dict(shop.jwks).keys:
            if key.key_id == kid:
                options: Any = {"verify_aud": False}
                return dict(jwt.decode(token, key, algorithms=["RS256"], options=options))
    except (jwt.PyJWTError, ValueError):
        return None
    return None
