"""What Saleor asks when it installs the app: the manifest, and where it hands over the token."""

import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from cavaco_plugin import __version__
from cavaco_plugin.hosts.app import saleor_api
from cavaco_plugin.hosts.app.installation import operations as installations

APP_ID = "cavaco.messaging"
# Never an empty list: Saleor would hand a superuser's full rights to the app.
PERMISSIONS = ["MANAGE_USERS", "MANAGE_ORDERS", "MANAGE_CHECKOUTS", "MANAGE_PRODUCTS"]
WEBHOOKS = {
    "checkout_changed": [
        "CHECKOUT_CREATED",
        "CHECKOUT_UPDATED",
        "CHECKOUT_FULLY_PAID",
        "CHECKOUT_FULLY_AUTHORIZED",
        "CHECKOUT_METADATA_UPDATED",
    ],
    "order_changed": [
        "ORDER_CREATED",
        "ORDER_UPDATED",
        "ORDER_CONFIRMED",
        "ORDER_FULFILLED",
        "ORDER_CANCELLED",
        "ORDER_EXPIRED",
        "ORDER_REFUNDED",
        "ORDER_FULLY_REFUNDED",
        "ORDER_METADATA_UPDATED",
    ],
    "orders_changed": ["ORDER_BULK_CREATED"],
    "customer_changed": [
        "CUSTOMER_CREATED",
        "CUSTOMER_UPDATED",
        "CUSTOMER_METADATA_UPDATED",
        "ACCOUNT_CONFIRMED",
        "ACCOUNT_EMAIL_CHANGED",
        "ACCOUNT_DELETED",
    ],
    "customer_deleted": ["CUSTOMER_DELETED"],
}
# Saleor says its version when it fetches a manifest; what it does not know would stop the installation.
SINCE = {"customer_deleted": (3, 23)}


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The manifest. Addresses come from CAVACO_PUBLIC_URL: Saleor's Host header carries no port."""
    here = settings.PUBLIC_URL
    version = _version(request.headers.get("Saleor-Schema-Version", ""))
    return JsonResponse(
        {
            "id": APP_ID,
            "name": "Cavaco",
            "version": __version__,
            "about": "Drip flows, campaigns and one messaging policy, by e-mail and SMS.",
            "requiredSaleorVersion": ">=3.21 <4",
            "author": "Cavaco",
            "permissions": PERMISSIONS,
            "appUrl": here,
            "tokenTargetUrl": f"{here}register/",
            "webhooks": [
                _webhook(name, f"{here}webhooks/saleor/")
                for name in WEBHOOKS
                if version >= SINCE.get(name, (0, 0))
            ],
            "extensions": [],
        }
    )


def _version(said: str) -> tuple[int, int]:
    """A Saleor that does not say is taken for a new one."""
    found = re.match(r"(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (99, 0)


def _webhook(name: str, target: str) -> dict[str, Any]:
    return {
        "name": f"Cavaco {name.replace('_', ' ')}",
        "asyncEvents": WEBHOOKS[name],
        "query": saleor_api.document(name),
        "targetUrl": target,
        "isActive": True,
    }


@csrf_exempt
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Take the token that Saleor hands over, after asking that Saleor whether it is its own."""
    api_url = request.headers.get("Saleor-Api-Url", "")
    # Only shops the operator named: we are about to call this address.
    if api_url not in settings.SALEOR_API_URLS:
        shop = api_url or "This shop"
        return _refuse(403, f"{shop} is not among CAVACO_SALEOR_API_URLS of this installation.")
    try:
        token = json.loads(request.body)["auth_token"]
    except (ValueError, KeyError, TypeError, RecursionError):
        token = ""
    if not isinstance(token, str) or not token:
        return _refuse(400, "auth_token: is missing; Saleor sends it as JSON.")
    try:
        _install(api_url=api_url, domain=request.headers.get("Saleor-Domain", ""), token=token)
    except saleor_api.SaleorUnreachable as error:
        return _refuse(424, str(error))
    except saleor_api.SaleorRefused as error:
        return _refuse(401, f"The shop does not know this token: {error}")
    return JsonResponse({"success": True})


def _install(*, api_url: str, domain: str, token: str) -> None:
    asked = saleor_api.ask(
        api_url=api_url, token=token, query=saleor_api.document("own_app"), variables={}
    )
    keys = saleor_api.fetch_keys(api_url=api_url)
    app = asked.get("app")
    if not app:
        raise saleor_api.SaleorRefused("it belongs to no app.")
    installations.install(
        api_url=api_url,
        domain=domain[:255],
        token=token,
        app_id=app["id"],
        jwks=keys,
        now=timezone.now(),
    )


def _refuse(status: int, message: str) -> HttpResponse:
    body = {"success": False, "error": {"code": "REFUSED", "message": message}}
    return JsonResponse(body, status=status)
