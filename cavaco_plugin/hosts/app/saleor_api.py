"""Asking a Saleor over its API: documents in graphql/saleor/, answers as plain data."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urljoin

import requests

# To connect, and between two bytes of the answer.
SECONDS_TO_WAIT = (5, 20)
LARGEST_ANSWER_BYTES = 20_000_000
_SPREAD = re.compile(r"\.\.\.(?!\s*on\b)\s*(\w+)")


class SaleorUnreachable(RuntimeError):
    """The shop did not answer; the same question may be asked again later."""


class SaleorRefused(RuntimeError):
    """The shop answered with errors; the message holds the first of them."""


@cache
def document(name: str) -> str:
    """One of our documents, with the fragments it uses."""
    texts = [_text(f"{name}.graphql")]
    added: set[str] = set()
    for text in texts:
        for fragment in sorted(set(_SPREAD.findall(text)) - added):
            added.add(fragment)
            texts.append(_text(f"fragments/{fragment}.graphql"))
    return "\n".join(texts)


def _text(path: str) -> str:
    return files("cavaco_plugin.hosts.app.documents").joinpath(path).read_text("utf-8")


def ask(*, api_url: str, token: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Run a query and return its data.

    Raises:
        SaleorUnreachable: no answer, or not a GraphQL answer.
        SaleorRefused: GraphQL errors.
    """
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization-Bearer"] = token
    content = json.dumps({"query": query, "variables": variables})
    body = _call("POST", api_url, data=content, headers=headers)
    if body.get("errors"):
        raise SaleorRefused(_first_message(body["errors"]))
    if not isinstance(body.get("data"), dict):
        raise SaleorUnreachable(f"{api_url} gave no GraphQL answer; is it the address of the API?")
    return dict(body["data"])


def fetch_keys(*, api_url: str) -> dict[str, Any]:
    """The shop's public keys, from beside its API."""
    address = urljoin(api_url, "/.well-known/jwks.json")
    keys = _call("GET", address)
    if not isinstance(keys.get("keys"), list):
        raise SaleorUnreachable(f"{address} holds no key set.")
    return keys


def _call(method: str, address: str, **request: Any) -> dict[str, Any]:
    """A JSON object. A redirect is not followed: only the address itself was vouched for."""
    try:
        with requests.request(
            method,
            address,
            timeout=SECONDS_TO_WAIT,
            allow_redirects=False,
            stream=True,
            **request,
        ) as answer:
            content = answer.raw.read(LARGEST_ANSWER_BYTES + 1, decode_content=True)
            # GraphQL errors come with 400; whatever is no JSON object is no answer of a Saleor.
            body = json.loads(content[:LARGEST_ANSWER_BYTES])
    except requests.RequestException as error:
        raise SaleorUnreachable(f"{address} did not answer: {error}") from None
    except (ValueError, RecursionError, OSError):
        raise SaleorUnreachable(f"{address} answered {answer.status_code}, not in JSON.") from None
    if not isinstance(body, dict):
        raise SaleorUnreachable(f"{address} answered {answer.status_code}, not with an object.")
    return body


def _first_message(errors: Any) -> str:
    first = errors[0] if isinstance(errors, list) else errors
    return str(first.get("message", "unknown error")) if isinstance(first, dict) else str(first)
