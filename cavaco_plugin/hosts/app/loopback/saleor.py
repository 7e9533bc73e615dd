"""A Saleor on 127.0.0.1, as far as the app home asks one: its API, its keys, its signed webhooks."""

import base64
import json
import re
import time
from datetime import datetime
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt import api_jws
from jwt.algorithms import RSAAlgorithm

from cavaco_plugin.hosts.app.loopback.http import HttpServer

PAGE = 100
Node = dict[str, Any]
_OPERATION = re.compile(r"\s*query\s+(\w+)")
_COLLECTIONS = {"Orders": "orders", "Customers": "customers", "Checkouts": "checkouts"}


def global_id(kind: str, key: object) -> str:
    """An id as Saleor gives them out."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


class SaleorServer(HttpServer):
    """Holds checkouts, orders and customers as its API shows them, and signs what it says of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.app_token = "loopback-app"  # noqa: S105  of nobody
        self.app_permissions = ["MANAGE_USERS", "MANAGE_ORDERS", "MANAGE_CHECKOUTS"]
        # Token → the user behind it, as `me` answers.
        self.users: dict[str, Node] = {}
        self.nodes: dict[str, dict[str, Node]] = {name: {} for name in _COLLECTIONS.values()}
        self.asked: list[str] = []
        self.change_key()

    @property
    def api_url(self) -> str:
        """What the header Saleor-Api-Url holds."""
        return f"{self.url}/graphql/"

    def routes(self) -> list[web.RouteDef]:
        """The API and the key set."""
        return [
            web.post("/graphql/", self._graphql),
            web.get("/.well-known/jwks.json", self._keys),
        ]

    def change_key(self) -> None:
        """Sign with a new key from now on."""
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key_id = f"key-{time.monotonic_ns()}"

    def key_set(self) -> dict[str, Any]:
        """The public key, as /.well-known/jwks.json shows it."""
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": self.key_id, "use": "sig", "alg": "RS256"}]}

    def headers_for(self, body: bytes, *, event: str = "") -> dict[str, str]:
        """The headers of a delivery, with the signature over these very bytes."""
        signature = api_jws.encode(
            body,
            self._key,
            algorithm="RS256",
            headers={"kid": self.key_id, "b64": False, "crit": ["b64"]},
            is_payload_detached=True,
        )
        return {
            "Content-Type": "application/json",
            "Saleor-Event": event,
            "Saleor-Domain": f"127.0.0.1:{self.port}",
            "Saleor-Api-Url": self.api_url,
            "Saleor-Signature": signature,
        }

    def deliver(self, url: str, payload: Node, *, event: str = "") -> int:
        """Post a webhook as Saleor does; the answer's status."""
        body = json.dumps(payload).encode()
        return self.call(self.post(url, body=body, headers=self.headers_for(body, event=event)))

    def token_for(
        self, user: Node, *, permissions: list[str] | None = None, seconds: int = 300
    ) -> str:
        """A signed-in user's token; with `permissions` that of a dashboard extension."""
        claims: Node = {"iss": self.api_url, "exp": int(time.time()) + seconds}
        claims |= {"user_id": user["id"], "email": user["email"], "type": "access"}
        if permissions is not None:
            claims |= {"permissions": permissions, "type": "thirdparty"}
        token = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.key_id})
        self.users[token] = user
        return token

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append("keys")
        return web.json_response(self.key_set())

    async def _graphql(self, request: web.Request) -> web.Response:
        body = await request.json()
        found = _OPERATION.match(body["query"])
        operation = found[1] if found else ""
        self.asked.append(operation)
        token = request.headers.get("Authorization-Bearer", "")
        if operation == "SignedInUser":
            return _data(me=self.users.get(token))
        if operation == "OwnApp":
            app = {
                "id": global_id("App", 1),
                "name": "Cavaco",
                "permissions": [{"code": code} for code in self.app_permissions],
            }
            return _data(app=app if token == self.app_token else None)
        if token != self.app_token:
            return _refusal("To access this path, you need one of the following permissions.")
        if operation not in _COLLECTIONS:
            return _refusal(f"The loopback Saleor does not know {operation}.")
        name = _COLLECTIONS[operation]
        if body["variables"].get("withOrigin") and any(
            row["origin"] == "" for row in self.nodes[name].values()
        ):
            return _refusal('Expected a value of type "OrderOriginEnum" but received: ')
        return _data(**{name: self._page(name, **body["variables"])})

    def _page(self, name: str, **variables: Any) -> Node:
        """Filtered from a moment (checkouts: from a day) and sorted as Saleor's API does."""
        rows = sorted(self.nodes[name].values(), key=lambda row: (_changed(row), row["id"]))
        start = variables["from"]
        if name == "checkouts":
            rows = [row for row in rows if row["updatedAt"][:10] >= start]
            rows.sort(key=lambda row: (row["created"], row["id"]))
        else:
            rows = [row for row in rows if _changed(row) >= datetime.fromisoformat(start)]
        first = int(variables.get("after") or 0)
        return {
            "pageInfo": {
                "hasNextPage": first + PAGE < len(rows),
                "endCursor": str(first + PAGE),
            },
            "edges": [{"node": row} for row in rows[first : first + PAGE]],
        }


def _changed(row: Node) -> datetime:
    return datetime.fromisoformat(row["updatedAt"])


def _data(**data: Any) -> web.Response:
    return web.json_response({"data": data})


def _refusal(message: str) -> web.Response:
    return web.json_response({"errors": [{"message": message}], "data": None})
